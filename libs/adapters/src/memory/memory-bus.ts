import type { BusMessage, TaskBus } from '@hiveferry/ports';

export type BusConsumer = (message: BusMessage) => Promise<void>;

/**
 * The bus within one process; one key's messages are delivered in order, different keys side by side. `publish` resolves when every
 * consumer has taken all messages, and rejects when one could not: the outbox keeps them then, and they come again, as with a broker.
 */
export class MemoryBus implements TaskBus {
  readonly #consumers = new Map<string, Set<BusConsumer>>();

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const keys = Map.groupBy(messages, ({ topic, key }) => JSON.stringify([topic, key]));
    const ends = await Promise.allSettled([...keys.values()].map((ofKey) => this.#deliver(ofKey)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** @param pattern a topic, in which `*` stands for one segment between dots */
  subscribe(pattern: string, consumer: BusConsumer): () => void {
    const consumers = this.#consumers.get(pattern) ?? new Set();
    this.#consumers.set(pattern, consumers.add(consumer));
    return () => void consumers.delete(consumer);
  }

  async #deliver(messages: readonly BusMessage[]): Promise<void> {
    for (const message of messages) await Promise.all(this.#consumersOf(message.topic).map((consume) => consume(message)));
  }

  #consumersOf(topic: string): readonly BusConsumer[] {
    return [...this.#consumers].filter(([pattern]) => matches(pattern, topic)).flatMap(([, consumers]) => [...consumers]);
  }
}

function matches(pattern: string, topic: string): boolean {
  const wanted = pattern.split('.');
  const found = topic.split('.');
  return wanted.length === found.length && wanted.every((segment, index) => segment === '*' || segment === found[index]);
}
