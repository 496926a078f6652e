import type { RunStore } from '@hiveferry/ports';
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { RUN_STORE } from '../tokens.ts';

/** For the probes of processes that serve no API. */
@Controller()
export class ProbeController {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  @Get('healthz')
  healthz(): { readonly status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  async readyz(): Promise<{ readonly status: string }> {
    try {
      await this.store.clusters({ pageSize: 1 });
      return { status: 'ok' };
    } catch {
      throw new ServiceUnavailableException({ status: 'unavailable', detail: 'The database does not answer.' });
    }
  }
}
