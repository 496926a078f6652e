import type { BusMessage, TaskBus } from '@hiveferry/ports';

/** Gets the messages of one topic that were published together, in their order. */
export type BusConsumer = (messages: readonly BusMessage[]) => Promise<void>;

/**
 * The bus within one process; a topic's messages are delivered in order, topics side by side. `publish` resolves when every
 * consumer has taken all messages, and rejects when one could not: the outbox keeps them then, and they come again, as with a broker.
 */
export class MemoryBus implements TaskBus {
  readonly #consumers = new Map<string, Set<BusConsumer>>();

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const topics = [...Map.groupBy(messages, ({ topic }) => topic)];
    const ends = await Promise.allSettled(
      topics.flatMap(([topic, ofTopic]) => this.#consumersOf(topic).map((consume) => consume(ofTopic))),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** @param pattern a topic, in which `*` stands for one segment between dots */
  subscribe(pattern: string, consumer: BusConsumer): () => void {
    const consumers = this.#consumers.get(pattern) ?? new Set();
    this.#consumers.set(pattern, consumers.add(consumer));
    return () => void consumers.delete(consumer);
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
