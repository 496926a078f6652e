import { Health } from '@hiveferry/contracts';
import { RUN_STORE } from '@hiveferry/platform';
import type { RunStore } from '@hiveferry/ports';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

type Answer = z.infer<typeof Health>;

@ApiTags('Health')
@Controller()
export class HealthController {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  @Get('healthz')
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiResponse({ status: 200, description: 'The process runs.', standardSchema: Health })
  healthz(): Answer {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Can it serve requests?' })
  @ApiResponse({ status: 200, description: 'Requests can be served.', standardSchema: Health })
  @ApiResponse({ status: 503, description: 'The database does not answer.', standardSchema: Health })
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<Answer> {
    try {
      await this.store.clusters({ pageSize: 1 });
      return { status: 'ok' };
    } catch {
      void reply.status(503);
      return { status: 'unavailable', detail: 'The database does not answer.' };
    }
  }
}
