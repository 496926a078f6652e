import type { KafkaConfiguration } from '@hiveferry/contracts';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaConfig, SASLOptions } from 'kafkajs';

/** How to reach Kafka, secrets resolved: it lives in memory only. */
export interface KafkaConnection extends KafkaConfiguration {
  readonly password?: string;
  /** PEM. */
  readonly ca?: string;
}

/** Faults are thrown, and a restart of a broker is no fault: a client says little by itself. */
export const createKafka = (connection: KafkaConnection): Kafka =>
  new Kafka({ ...clientOptionsOf(connection), logLevel: logLevel.NOTHING });

export function clientOptionsOf(connection: KafkaConnection): Omit<KafkaConfig, 'logLevel'> {
  const sasl = saslOf(connection);
  return {
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    ssl: connection.ca === undefined ? connection.ssl : { ca: [connection.ca] },
    ...(sasl !== undefined && { sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 4 },
  };
}

function saslOf({ sasl, password }: KafkaConnection): SASLOptions | undefined {
  return sasl === undefined || password === undefined ? undefined : { mechanism: sasl.mechanism, username: sasl.username, password };
}
