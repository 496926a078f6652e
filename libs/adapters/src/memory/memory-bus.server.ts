import { BaseRpcContext, Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import type { BusMessage } from '@hiveferry/ports';
import { lastValueFrom } from 'rxjs';
import type { MemoryBus } from './memory-bus.ts';

/** Nest asks for a context of what a handler gets. */
class MemoryBusContext extends BaseRpcContext<[readonly BusMessage[]]> {}

/** Serves `@EventPattern` handlers from the in-process bus, as Kafka serves them between processes: with the texts of messages that come together. */
export class MemoryBusServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('MemoryBus');
  /** A handler's failure reaches the publisher, whose outbox then keeps the message. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #bus: MemoryBus;
  readonly #subscriptions: (() => void)[] = [];

  constructor(bus: MemoryBus) {
    super();
    this.#bus = bus;
  }

  listen(callback: () => void): void {
    for (const [pattern, handler] of this.messageHandlers) {
      this.#subscriptions.push(this.#bus.subscribe(pattern, (messages) => this.#deliver(handler, messages)));
    }
    callback();
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
  }

  on(): never {
    throw new Error('the in-process bus has no events of its own');
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Nest lets the caller name the type of the driver's object
  unwrap<T>(): T {
    return this.#bus as T;
  }

  /** The returned stream must be waited for: an error would be lost with it. */
  async #deliver(handler: MessageHandler, messages: readonly BusMessage[]): Promise<void> {
    const texts = messages.map(({ value }) => value);
    const answer: unknown = await handler(texts, new MemoryBusContext([messages]));
    await lastValueFrom(this.transformToObservable(answer), { defaultValue: undefined });
  }
}
