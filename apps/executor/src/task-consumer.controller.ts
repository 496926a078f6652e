import { Controller, Inject, Logger } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { tasksTopic } from '@hiveferry/contracts';
import { INBOX, receiveMessages } from '@hiveferry/platform';
import type { Inbox } from '@hiveferry/ports';
import { ClaimLoopService } from './claim-loop.service.ts';

/**
 * Wake-ups of the executors at one cluster's edge. They only remember and wake: they throw when Postgres is down, and then the
 * message comes again.
 *
 * @param cluster `*` for all clusters, on the in-process bus only
 */
export function taskConsumerFor(cluster: string): Type {
  const translation = tasksTopic(cluster, 'translation');
  const distcp = tasksTopic(cluster, 'distcp');

  @Controller()
  class TaskConsumerController {
    readonly #inbox: Inbox;
    readonly #loop: ClaimLoopService;
    readonly #logger = new Logger(TaskConsumerController.name);

    constructor(@Inject(INBOX) inbox: Inbox, @Inject(ClaimLoopService) loop: ClaimLoopService) {
      this.#inbox = inbox;
      this.#loop = loop;
    }

    @EventPattern(translation)
    receiveTranslation(@Payload() payload: unknown): Promise<void> {
      return this.#receive(translation, payload);
    }

    @EventPattern(distcp)
    receiveDistcp(@Payload() payload: unknown): Promise<void> {
      return this.#receive(distcp, payload);
    }

    async #receive(topic: string, payload: unknown): Promise<void> {
      const received = receiveMessages({ inbox: this.#inbox, consumer: `executor:${cluster}`, topic, logger: this.#logger }, payload);
      // What there is to do is in Postgres: nobody has to wait until the messages are remembered.
      this.#loop.wake();
      await received;
    }
  }
  return TaskConsumerController;
}
