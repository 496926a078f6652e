import { Controller, Inject, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { RUNS_TOPIC, parseMessage } from '@hiveferry/contracts';
import { INBOX } from '@hiveferry/platform';
import type { Inbox } from '@hiveferry/ports';
import { PlanLoopService } from './plan-loop.service.ts';

/** Wake-ups of planners. It only remembers and wakes: it throws when Postgres is down, and then the message comes again. */
@Controller()
export class RunConsumerController {
  readonly #inbox: Inbox;
  readonly #loop: PlanLoopService;
  readonly #logger = new Logger(RunConsumerController.name);

  constructor(@Inject(INBOX) inbox: Inbox, @Inject(PlanLoopService) loop: PlanLoopService) {
    this.#inbox = inbox;
    this.#loop = loop;
  }

  @EventPattern(RUNS_TOPIC)
  async receive(@Payload() payload: unknown): Promise<void> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const parsed = parseMessage(text);
    if (parsed.kind === 'unreadable') {
      this.#logger.error({ topic: RUNS_TOPIC, reason: parsed.reason }, 'message cannot be read: kept as a dead letter');
      await this.#inbox.bury({ topic: RUNS_TOPIC, value: text, reason: parsed.reason });
      return;
    }
    await this.#inbox.accept('planner', parsed.message);
    this.#loop.wake();
  }
}
