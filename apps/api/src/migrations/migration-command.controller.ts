import { ExecuteRequest, Operation, Uuid } from '@hiveferry/contracts';
import type { OperationRecord } from '@hiveferry/ports';
import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { accept } from '../http/accept.ts';
import { Documented, IdempotencyKey } from '../http/documented.ts';
import { RunCommandService } from '../runs/run-command.service.ts';
import { MigrationService } from './migration.service.ts';

const command = (summary: string) => ({ summary, status: 202, answer: Operation, says: 'It goes on.', problems: [404, 409, 422] });

/** The commands of a run, said to a migration: they reach its latest run. */
@ApiTags('Migrations')
@Controller('v1/migrations')
export class MigrationCommandController {
  private readonly migrations: MigrationService;
  private readonly commands: RunCommandService;

  constructor(migrations: MigrationService, commands: RunCommandService) {
    this.migrations = migrations;
    this.commands = commands;
  }

  @Post(':migrationId\\:execute')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented({ ...command('Execute the plan of the latest run'), problems: [404, 409, 413, 415, 422] })
  async execute(
    @Param('migrationId', { schema: Uuid }) id: string,
    @Body({ schema: ExecuteRequest }) request: ExecuteRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.commands.execute(await this.latestRunOf(id), request), reply);
  }

  @Post(':migrationId\\:cancel')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented(command('Cancel the latest run'))
  async cancel(
    @Param('migrationId', { schema: Uuid }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.commands.cancel(await this.latestRunOf(id)), reply);
  }

  @Post(':migrationId\\:resume')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented(command('Resume the latest run'))
  async resume(
    @Param('migrationId', { schema: Uuid }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.commands.resume(await this.latestRunOf(id)), reply);
  }

  @Post(':migrationId\\:verify')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented(command('Verify the tables of the latest run again'))
  async verify(
    @Param('migrationId', { schema: Uuid }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.commands.verify(await this.latestRunOf(id)), reply);
  }

  private async latestRunOf(id: string): Promise<string> {
    return (await this.migrations.record(id)).latestRunId;
  }
}
