import { Health } from '@hiveferry/contracts';
import { OUTBOX, RUN_STORE, readinessOf } from '@hiveferry/platform';
import type { Outbox, RunStore } from '@hiveferry/ports';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

type Answer = z.infer<typeof Health>;

@ApiTags('Health')
@Controller()
export class HealthController {
  private readonly store: RunStore;
  private readonly outbox: Outbox;

  constructor(@Inject(RUN_STORE) store: RunStore, @Inject(OUTBOX) outbox: Outbox) {
    this.store = store;
    this.outbox = outbox;
  }

  @Get('healthz')
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiResponse({ status: 200, description: 'The process runs.', standardSchema: Health })
  healthz(): Answer {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Can it serve requests?' })
  @ApiResponse({
    status: 200,
    description: 'Requests can be served. `detail` names topics of Kafka whose messages wait, and what to do.',
    standardSchema: Health,
  })
  @ApiResponse({ status: 503, description: 'The database does not answer.', standardSchema: Health })
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<Answer> {
    const readiness = await readinessOf(this.store, this.outbox);
    if (readiness.status === 'unavailable') void reply.status(503);
    return readiness;
  }
}
