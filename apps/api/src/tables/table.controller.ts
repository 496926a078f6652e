import { TableDetail, TablePage, TableQuery, TargetQuery, Uuid } from '@hiveferry/contracts';
import type { TableSummary } from '@hiveferry/contracts';
import type { Page } from '@hiveferry/ports';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Documented } from '../http/documented.ts';
import { TableService } from './table.service.ts';

@ApiTags('Tables')
@Controller('v1/runs/:runId/tables')
export class TableController {
  private readonly service: TableService;

  constructor(service: TableService) {
    this.service = service;
  }

  @Get()
  @Documented({
    summary: 'Tables of a run',
    description: 'State, issues and evidence of each table and view, by database and name.',
    status: 200,
    answer: TablePage,
    says: 'A page.',
    problems: [404],
  })
  async list(
    @Param('runId', { schema: Uuid }) runId: string,
    @Query({ schema: TableQuery }) query: TableQuery,
  ): Promise<Page<TableSummary>> {
    return await this.service.list(runId, query);
  }

  @Get(':database/:table')
  @ApiParam({ name: 'database', example: 'sales' })
  @ApiParam({ name: 'table', example: 'orders' })
  @Documented({
    summary: 'One table',
    description: 'Plan (decisions, location mappings, statements, copy jobs), steps, issues and evidence.',
    status: 200,
    answer: TableDetail,
    says: 'All that is known of the table.',
    problems: [404, 422],
  })
  async detail(
    @Param('runId', { schema: Uuid }) runId: string,
    @Param() { database, table }: Readonly<Record<'database' | 'table', string>>,
    @Query({ schema: TargetQuery }) { target }: TargetQuery,
  ): Promise<TableDetail> {
    return await this.service.detail({ runId, source: { database, table }, ...(target === undefined ? {} : { target }) });
  }
}
