import { ConfirmCopiedRequest, ConfirmedCopies, ExecuteRequest, Operation, Run, Uuid } from '@hiveferry/contracts';
import type { ConfirmedCopy, OperationRecord } from '@hiveferry/ports';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { accept } from '../http/accept.ts';
import { Documented, IdempotencyKey } from '../http/documented.ts';
import { RunCommandService } from './run-command.service.ts';
import type { RunView } from './run.view.ts';

@ApiTags('Runs')
@Controller('v1/runs')
export class RunController {
  private readonly commands: RunCommandService;

  constructor(commands: RunCommandService) {
    this.commands = commands;
  }

  @Get(':runId')
  @Documented({
    summary: 'Get a run',
    status: 200,
    answer: Run,
    says: 'State, plan hash, progress and issues of databases on each target.',
    problems: [404],
  })
  async get(@Param('runId', { schema: Uuid }) id: string): Promise<RunView> {
    return await this.commands.described(id);
  }

  @Post(':runId\\:execute')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented({
    summary: 'Execute a plan',
    description: 'Executes exactly the plan whose hash is sent: 409 PLAN_HASH_MISMATCH when the run has another.',
    status: 202,
    answer: Operation,
    says: 'Tables are being moved.',
    problems: [404, 409, 413, 415, 422],
  })
  async execute(
    @Param('runId', { schema: Uuid }) id: string,
    @Body({ schema: ExecuteRequest }) request: ExecuteRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationRecord> {
    return accept(await this.commands.execute(id, request), reply);
  }

  @Post(':runId\\:confirm-copied')
  @HttpCode(200)
  @IdempotencyKey()
  @Documented({
    summary: 'Confirm files that others copied',
    description:
      'For copy.by: external. Tables that wait for their files go on: they are created, and proved like all others. {} means every table that waits.',
    status: 200,
    answer: ConfirmedCopies,
    says: 'These tables go on.',
    problems: [404, 409, 413, 415, 422],
  })
  async confirmCopied(
    @Param('runId', { schema: Uuid }) id: string,
    @Body({ schema: ConfirmCopiedRequest }) request: ConfirmCopiedRequest,
  ): Promise<{ readonly items: readonly ConfirmedCopy[] }> {
    return { items: await this.commands.confirmCopied(id, request) };
  }

  @Post(':runId\\:cancel')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented({
    summary: 'Cancel a run',
    description: 'Steps that run are ended; what is done stays done.',
    status: 202,
    answer: Operation,
    says: 'It is being cancelled.',
    problems: [404, 409, 422],
  })
  async cancel(@Param('runId', { schema: Uuid }) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<OperationRecord> {
    return accept(await this.commands.cancel(id), reply);
  }

  @Post(':runId\\:resume')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented({
    summary: 'Resume a run',
    description:
      'Failed steps of an ended run are tried again, targets without a plan are planned again; nothing that is done is repeated. A run that FAILED has no plan: it is planned again as it was asked for, with the clusters as they are registered now.',
    status: 202,
    answer: Operation,
    says: 'It goes on.',
    problems: [404, 409, 422],
  })
  async resume(@Param('runId', { schema: Uuid }) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<OperationRecord> {
    return accept(await this.commands.resume(id), reply);
  }

  @Post(':runId\\:verify')
  @HttpCode(202)
  @IdempotencyKey()
  @Documented({
    summary: 'Verify again',
    description: 'Measures and compares again all tables that were verified before.',
    status: 202,
    answer: Operation,
    says: 'Tables are being verified.',
    problems: [404, 409, 422],
  })
  async verify(@Param('runId', { schema: Uuid }) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<OperationRecord> {
    return accept(await this.commands.verify(id), reply);
  }
}
