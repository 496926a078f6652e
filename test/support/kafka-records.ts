import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';
import { until } from './until.ts';

export interface KafkaRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly value: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordsWanted {
  readonly brokers: string;
  /** Its name in Kafka. */
  readonly topic: string;
  readonly count: number;
}

/** What is in a topic, by partition and offset, read by a plain client. Waits until so many are there. */
export async function recordsOf({ brokers, topic, count }: RecordsWanted): Promise<readonly KafkaRecord[]> {
  const consumer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).consumer({ groupId: `reads-${topic}` });
  // One that its group has lost comes back and reads again: a record counts once.
  const records = new Map<string, KafkaRecord>();
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) =>
        void records.set(`${String(partition)}:${message.offset}`, recordOf(partition, message)),
    });
    await until(() => records.size >= count, { state: () => records.size });
  } finally {
    await consumer.disconnect();
  }
  return [...records.values()].toSorted((one, other) => one.partition - other.partition || one.offset - other.offset);
}

function recordOf(partition: number, { offset, key, value, headers = {} }: KafkaMessage): KafkaRecord {
  const texts = Object.entries(headers).map(([name, text]) => [name, String(text)] as const);
  return { partition, offset: Number(offset), key: key?.toString(), value: value?.toString(), headers: Object.fromEntries(texts) };
}
