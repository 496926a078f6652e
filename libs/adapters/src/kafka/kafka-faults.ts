import { MigrationError } from '@hiveferry/core';
import type { FaultFacts } from '@hiveferry/core';
import type { KafkaConnection } from './kafka-connection.ts';

/** kafkajs has no class for a connection that ended, or took too long, before its first question. */
const NOT_CONNECTED = 'Broker not connected';

/** What kafkajs throws, as a fault that says which brokers and what to do; never a password. */
export function kafkaFault(error: unknown, { brokers }: Pick<KafkaConnection, 'brokers'>): MigrationError {
  if (error instanceof MigrationError) return error;
  const cause = rootOf(error);
  const said = cause instanceof Error ? cause.message : String(cause);
  const [code, advice, retry] = meaningOf(said === NOT_CONNECTED ? 'Connection' : nameOf(cause));
  const facts: FaultFacts = { category: 'environment', retry, subject: brokers.join(','), cause: error };
  return new MigrationError(code, `Kafka at ${brokers.join(', ')}: ${said}. ${advice}.`, facts);
}

function meaningOf(name: string): readonly [code: string, advice: string, retry: FaultFacts['retry']] {
  if (/SASL|Unsupported/.test(name))
    return ['KAFKA_LOGIN_REFUSED', 'Check FERRY_KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD_REF', 'operator'];
  if (/Connection|BrokerNotFound|RequestTimeout|MetadataNotLoaded/.test(name))
    return ['KAFKA_UNREACHABLE', 'Check FERRY_KAFKA_BROKERS and FERRY_KAFKA_SSL, and that the brokers run', 'later'];
  return ['KAFKA_REFUSED', 'Check that the topics are there (npm run topics) and may be used', 'later'];
}

/** The innermost error: kafkajs wraps the reason in `the number of retries is exceeded`. */
export function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error && error.name.startsWith('KafkaJS') ? rootOf(error.cause) : error;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
