import { headersOf } from '@hiveferry/contracts';
import type { Message } from '@hiveferry/contracts';
import type { BusMessage } from '@hiveferry/ports';

/** So that a relay holds some hundred kilobytes at a time, however many a transaction announces. */
const MESSAGES_A_PACK = 500;

export interface TopicMessage {
  readonly topic: string;
  readonly message: Message;
}

/** A row of the outbox: one message, or several of a topic in their order, each a line of `value`. */
export interface OutboxRow extends BusMessage {
  readonly messages: number;
}

export interface NewOutboxRow extends OutboxRow {
  readonly id: string;
}

/** What goes to one topic together is one row; what is alone is a row as everybody reads it. */
export function packed(messages: readonly TopicMessage[]): readonly NewOutboxRow[] {
  return [...Map.groupBy(messages, ({ topic }) => topic)].flatMap(([topic, own]) =>
    packsOf(own.map(({ message }) => message)).map((pack) => rowOf(topic, pack)),
  );
}

/** Every message for itself, as it is published. JSON has no line break but an escaped one: each line is a message. */
export function unpacked(row: OutboxRow): readonly BusMessage[] {
  const { messages, topic, key, value, headers } = row;
  if (messages === 1) return [{ topic, key, value, headers }];
  return value.split('\n').map((line) => new PackedMessage(topic, line));
}

/** One line of a pack. Whoever needs its value only, as the in-process bus does, does not wait for the rest to be read from it. */
class PackedMessage implements BusMessage {
  readonly topic: string;
  readonly value: string;
  #message: Message | undefined;

  constructor(topic: string, value: string) {
    this.topic = topic;
    this.value = value;
  }

  get key(): string {
    return this.#read().key;
  }

  get headers(): Readonly<Record<string, string>> {
    return headersOf(this.#read());
  }

  #read(): Message {
    // Written by `packed`.
    this.#message ??= JSON.parse(this.value) as Message;
    return this.#message;
  }
}

function rowOf(topic: string, pack: readonly [Message, ...Message[]]): NewOutboxRow {
  const [first] = pack;
  const value = pack.map((message) => JSON.stringify(message)).join('\n');
  const isAlone = pack.length === 1;
  return {
    id: first.id,
    topic,
    key: isAlone ? first.key : '',
    value,
    headers: isAlone ? headersOf(first) : {},
    messages: pack.length,
  };
}

function packsOf(messages: readonly Message[]): readonly (readonly [Message, ...Message[]])[] {
  const [first, ...others] = messages.slice(0, MESSAGES_A_PACK);
  return first === undefined ? [] : [[first, ...others], ...packsOf(messages.slice(MESSAGES_A_PACK))];
}
