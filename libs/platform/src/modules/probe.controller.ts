import type { Outbox, RunStore } from '@hiveferry/ports';
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { readinessOf } from '../readiness.ts';
import type { Readiness } from '../readiness.ts';
import { OUTBOX, RUN_STORE } from '../tokens.ts';

/** For the probes of processes that serve no API. */
@Controller()
export class ProbeController {
  private readonly store: RunStore;
  private readonly outbox: Outbox;

  constructor(@Inject(RUN_STORE) store: RunStore, @Inject(OUTBOX) outbox: Outbox) {
    this.store = store;
    this.outbox = outbox;
  }

  @Get('healthz')
  healthz(): { readonly status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  async readyz(): Promise<Readiness> {
    const readiness = await readinessOf(this.store, this.outbox);
    if (readiness.status === 'unavailable') throw new ServiceUnavailableException(readiness);
    return readiness;
  }
}
