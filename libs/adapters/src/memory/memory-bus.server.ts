import { BaseRpcContext, Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import type { BusMessage } from '@hiveferry/ports';
import { lastValueFrom } from 'rxjs';
import type { MemoryBus } from './memory-bus.ts';

/** What a handler may ask about the message it got. */
export class MemoryBusContext extends BaseRpcContext<[BusMessage]> {
  topic(): string {
    return this.args[0].topic;
  }

  key(): string {
    return this.args[0].key;
  }
}

/** Serves `@EventPattern` handlers from the in-process bus: the same handlers that Kafka serves between processes. */
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
      this.#subscriptions.push(this.#bus.subscribe(pattern, (message) => this.#deliver(handler, message)));
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
  async #deliver(handler: MessageHandler, message: BusMessage): Promise<void> {
    const answer: unknown = await handler(message.value, new MemoryBusContext([message]));
    await lastValueFrom(this.transformToObservable(answer), { defaultValue: undefined });
  }
}
