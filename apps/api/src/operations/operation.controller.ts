import { Operation, OperationPage, PageQuery, Uuid } from '@hiveferry/contracts';
import { RUN_STORE } from '@hiveferry/platform';
import type { OperationRecord, Page, RunStore } from '@hiveferry/ports';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Documented } from '../http/documented.ts';
import { notFound } from '../http/refusals.ts';

@ApiTags('Operations')
@Controller('v1/operations')
export class OperationController {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  @Get()
  @Documented({ summary: 'List operations', status: 200, answer: OperationPage, says: 'A page, newest first.' })
  async list(@Query({ schema: PageQuery }) page: PageQuery): Promise<Page<OperationRecord>> {
    return await this.store.operations(page);
  }

  @Get(':operationId')
  @Documented({
    summary: 'Get an operation',
    status: 200,
    answer: Operation,
    says: 'The operation; ask again until `done`.',
    problems: [404],
  })
  async get(@Param('operationId', { schema: Uuid }) id: string): Promise<OperationRecord> {
    const operation = await this.store.operation(id);
    if (operation === undefined) throw notFound('operation', id);
    return operation;
  }
}
