import { Migration, MigrationPage, MigrationRequest, Operation, PageQuery, RunPage, RunRequest, Uuid } from '@hiveferry/contracts';
import { RUN_STORE } from '@hiveferry/platform';
import type { OperationRecord, Page, RunRecord, RunStore } from '@hiveferry/ports';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { accept } from '../http/accept.ts';
import { Documented, IdempotencyKey } from '../http/documented.ts';
import { MIGRATION_EXAMPLES } from '../openapi/examples.ts';
import { schemaRef } from '../openapi/schema-ref.ts';
import { MigrationService } from './migration.service.ts';

@ApiTags('Migrations')
@Controller('v1/migrations')
export class MigrationController {
  private readonly migrations: MigrationService;
  private readonly store: RunStore;

  constructor(migrations: MigrationService, @Inject(RUN_STORE) store: RunStore) {
    this.migrations = migrations;
    this.store = store;
  }

  @Post()
  @HttpCode(202)
  @IdempotencyKey()
  @ApiBody({ schema: schemaRef(MigrationRequest), examples: MIGRATION_EXAMPLES })
  @Documented({
    summary: 'Ask for a migration',
    description: 'Makes run 1: inventory and plan. A dry run unless `execute` is true: it changes nothing on the target.',
    status: 202,
    answer: Operation,
    says: 'Planning goes on.',
    problems: [409, 413, 415, 422],
  })
  async create(
    @Body({ schema: MigrationRequest }) request: MigrationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.migrations.create(request), reply);
  }

  @Get()
  @Documented({ summary: 'List migrations', status: 200, answer: MigrationPage, says: 'A page, newest first.' })
  async list(@Query({ schema: PageQuery }) page: PageQuery): Promise<Page<Migration>> {
    return await this.migrations.list(page);
  }

  @Get(':migrationId')
  @Documented({ summary: 'Get a migration', status: 200, answer: Migration, says: 'The migration.', problems: [404] })
  async get(@Param('migrationId', { schema: Uuid }) id: string): Promise<Migration> {
    return await this.migrations.get(id);
  }

  @Get(':migrationId/runs')
  @Documented({ summary: 'Runs of a migration', status: 200, answer: RunPage, says: 'All its runs.', problems: [404] })
  async runs(@Param('migrationId', { schema: Uuid }) id: string): Promise<{ readonly items: readonly RunRecord[] }> {
    await this.migrations.record(id);
    return { items: await this.store.runsOf(id) };
  }

  @Post(':migrationId/runs')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented({
    summary: 'Plan again',
    description: 'A further run of the same migration: reads the source anew. Equal facts give an equal plan hash.',
    status: 202,
    answer: Operation,
    says: 'Planning goes on.',
    problems: [404, 409, 413, 415, 422],
  })
  async planAgain(
    @Param('migrationId', { schema: Uuid }) id: string,
    @Body({ schema: RunRequest }) request: RunRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.migrations.planAgain(id, request.execute), reply);
  }
}
