import { clusterOfTopic } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import type { KafkaConnection } from './kafka-connection.ts';
import { rootOf } from './kafka-faults.ts';
import { physicalTopic } from './kafka-topics.ts';

/** The broker knows no such topic. By its type: Node sees no error class among the exports of kafkajs. */
export function isTopicMissing(error: unknown): boolean {
  const root = rootOf(error);
  return root instanceof Error && 'type' in root && root.type === 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** @param messages that could not be published; topics as contracts name them */
export function topicMissing(messages: readonly { readonly topic: string }[], connection: KafkaConnection): MigrationError {
  const topics = [...new Set(messages.map(({ topic }) => topic))];
  const names = topics.map((topic) => physicalTopic(topic, connection)).join(', ');
  const clusters = [...new Set(topics.flatMap((topic) => clusterOfTopic(topic) ?? []))];
  const command = ['npm run topics', ...(clusters.length > 0 ? ['--', ...clusters] : [])].join(' ');
  const message = `Kafka at ${connection.brokers.join(', ')} has no topic ${names}. Its messages wait until somebody who may create it says: ${command}`;
  return new MigrationError('KAFKA_TOPIC_MISSING', message, { category: 'environment', retry: 'operator', subject: names });
}
