import type { Failure } from './step-store.port.ts';
import type { BusMessage } from './task-bus.port.ts';

/** A topic that takes no messages, and why; they wait, and the others go on. */
export interface HeldTopic {
  readonly topic: string;
  readonly failure: Failure;
  readonly since: string;
}

/** Which messages a relay carries. */
export interface RelayScope {
  readonly without?: readonly string[];
  readonly only?: string;
}

/** Messages written with the rows they announce, until the bus has them. */
export interface Outbox {
  /**
   * Publishes the oldest messages, some hundred kilobytes at a time, in order of each topic, and forgets them; nothing is forgotten when
   * `publish` throws, nor of a topic that it names as not taken. Several relays may run: a topic's messages are with one of them at a time.
   *
   * @returns how many were published; there may be more of them until it is 0
   */
  relay(publish: (messages: readonly BusMessage[]) => Promise<readonly string[]>, scope?: RelayScope): Promise<number>;
  /** Notes for people why messages of a topic wait. */
  holdTopic(topic: string, failure: Failure): Promise<void>;
  releaseTopic(topic: string): Promise<void>;
  heldTopics(): Promise<readonly HeldTopic[]>;
  /** Whether no message of the topic waits. */
  isEmpty(topic: string): Promise<boolean>;
  /** Removes what was published and received longer ago. */
  purge(olderThanMs: number): Promise<void>;
  /** Calls back (coalesced) when messages were written. */
  onAdded(listener: () => void): () => void;
}

export interface DeadLetter {
  readonly topic: string;
  readonly key?: string;
  readonly value: string;
  readonly reason: string;
}

/** What a consumer remembers, so that a doubled message does nothing. */
export interface Inbox {
  /** @returns of each message false when this consumer has it already */
  accept(consumer: string, messageIds: readonly string[]): Promise<readonly boolean[]>;
  /** Keeps a message that cannot be read, with the reason. */
  bury(letter: DeadLetter): Promise<void>;
}
