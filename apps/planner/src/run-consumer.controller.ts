import { Controller, Inject, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { RUNS_TOPIC } from '@hiveferry/contracts';
import { INBOX, receiveMessages } from '@hiveferry/platform';
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
    await receiveMessages({ inbox: this.#inbox, consumer: 'planner', topic: RUNS_TOPIC, logger: this.#logger }, payload);
    this.#loop.wake();
  }
}
