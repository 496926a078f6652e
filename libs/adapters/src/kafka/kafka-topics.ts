import { setTimeout as sleep } from 'node:timers/promises';
import { DEAD_LETTER_TOPIC } from '@hiveferry/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import { createKafka } from './kafka-connection.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { kafkaFault } from './kafka-faults.ts';

const OWN_PREFIX = 'hiveferry';
const HOUR_MS = 3_600_000;
/** For who listens; who publishes has less time, and is told by Kafka what is wrong. */
const SERVED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;

/** Our topics, named as contracts name them, with the prefix of this installation. */
export function physicalTopic(topic: string, { topics }: Pick<KafkaConnection, 'topics'>): string {
  return topic.startsWith(`${OWN_PREFIX}.`) ? topics.prefix + topic.slice(OWN_PREFIX.length) : topic;
}

/**
 * Creates those that are missing, with partitions and retention by configuration; those that exist stay as they are.
 *
 * @param topics as contracts name them
 * @param servedWithinMs how long it waits until all of them have leaders; then it goes on all the same
 * @returns the names in Kafka of those that were created
 */
export async function createTopics(
  connection: KafkaConnection,
  topics: readonly string[],
  servedWithinMs = SERVED_WITHIN_MS,
): Promise<readonly string[]> {
  const admin = createKafka(connection).admin();
  try {
    await admin.connect();
    const created = await createMissing(admin, connection, topics);
    await untilServed(
      admin,
      topics.map((topic) => physicalTopic(topic, connection)),
      servedWithinMs,
    );
    return created;
  } catch (error) {
    throw kafkaFault(error, connection);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function createMissing(admin: Admin, connection: KafkaConnection, topics: readonly string[]): Promise<readonly string[]> {
  const known = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !known.has(physicalTopic(topic, connection)));
  if (missing.length === 0) return [];
  // Another process may create them at the same time: that is no error to kafkajs. Its own wait for leaders gives up too soon on a busy broker.
  await admin.createTopics({ topics: missing.map((topic) => topicOf(topic, connection)), waitForLeaders: false });
  return missing.map((topic) => physicalTopic(topic, connection));
}

/** A topic that another process has just created is known before it is served; who listens too early is refused. */
async function untilServed(admin: Admin, topics: string[], withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await areServed(admin, topics)) && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
}

async function areServed(admin: Admin, topics: string[]): Promise<boolean> {
  try {
    const found = await admin.fetchTopicMetadata({ topics });
    return found.topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0));
  } catch {
    return false;
  }
}

function topicOf(topic: string, connection: KafkaConnection): ITopicConfig {
  const { partitions, replication, retentionHours, deadLetterHours } = connection.topics;
  const isDeadLetter = topic === DEAD_LETTER_TOPIC;
  const retentionMs = (isDeadLetter ? deadLetterHours : retentionHours) * HOUR_MS;
  return {
    topic: physicalTopic(topic, connection),
    numPartitions: isDeadLetter ? 1 : partitions,
    replicationFactor: replication === 0 ? -1 : replication,
    configEntries: [
      { name: 'retention.ms', value: String(retentionMs) },
      { name: 'cleanup.policy', value: 'delete' },
    ],
  };
}
