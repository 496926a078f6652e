import type { BusMessage } from './task-bus.port.ts';

/** Messages written with the rows they announce, until the bus has them. */
export interface Outbox {
  /**
   * Publishes the oldest unpublished message of each key and marks it; nothing is marked when `publish` throws.
   * Several relays may run: one key's messages go out in order.
   *
   * @returns how many were published
   */
  relay(limit: number, publish: (messages: readonly BusMessage[]) => Promise<void>): Promise<number>;
  /** Removes what was published and received longer ago. */
  purge(olderThanMs: number): Promise<void>;
  /** Calls back (coalesced) when messages were written. */
  onAdded(listener: () => void): () => void;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly runId: string;
}

export interface DeadLetter {
  readonly topic: string;
  readonly key?: string;
  readonly value: string;
  readonly reason: string;
}

/** What a consumer remembers, so that a doubled message does nothing. */
export interface Inbox {
  /** @returns false when this consumer has it already */
  accept(consumer: string, message: ReceivedMessage): Promise<boolean>;
  /** Keeps a message that cannot be read, with the reason. */
  bury(letter: DeadLetter): Promise<void>;
}
