import { z } from 'zod';

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const NAME = /^[A-Za-z0-9._-]{1,200}$/;
const BROKERS = /^[^\s,:]+:\d{1,5}(?:,[^\s,:]+:\d{1,5})*$/;

const flag = (fallback: 'true' | 'false') => z.enum(['true', 'false']).default(fallback).meta({ expected: 'true or false' });
const name = (fallback: string) =>
  z.string().regex(NAME).default(fallback).meta({ expected: 'letters, digits, dots, hyphens and underscores, at most 200' });
const whole = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(fallback)
    .meta({ expected: `a whole number from ${min} to ${max}` });

/** Keys about Kafka; none is read by the standalone service, whose bus is in its process. */
export const kafkaKeys = {
  FERRY_KAFKA_BROKERS: z.string().regex(BROKERS).exactOptional().meta({
    description: 'Kafka of api, planner and executors as processes of their own. Standalone needs none.',
    expected: 'host:port, several with commas between',
  }),
  FERRY_KAFKA_SSL: flag('false').describe('Speak TLS to the brokers.'),
  FERRY_KAFKA_SSL_CA_FILE: z.string().min(1).exactOptional().meta({
    description: 'Certificates (PEM) that the brokers are trusted by. Absent: those of Node.',
    expected: 'a path',
  }),
  FERRY_KAFKA_SASL_MECHANISM: z
    .enum(MECHANISMS)
    .exactOptional()
    .meta({ description: 'How to log in. Absent: not at all.', expected: `one of ${MECHANISMS.join(', ')}` }),
  FERRY_KAFKA_SASL_USERNAME: z.string().min(1).exactOptional().meta({ description: 'Who logs in to Kafka.', expected: 'a user name' }),
  FERRY_KAFKA_SASL_PASSWORD_REF: z
    .string()
    .regex(/^(?:env:\w+|file:\/.+)$/)
    .exactOptional()
    .meta({ description: 'Where the password for Kafka is.', expected: 'a reference: env:NAME or file:/path', secret: true }),
  FERRY_KAFKA_CLIENT_ID: name('hiveferry').describe('Name of this client in logs and quotas of the brokers.'),
  FERRY_KAFKA_PLANNER_GROUP: name('hiveferry-planner').describe('Consumer group of all planners.'),
  FERRY_KAFKA_EXECUTOR_GROUP: name('hiveferry-executor').describe('Consumer group of executors; the name of their cluster is added.'),
  FERRY_KAFKA_TOPIC_PREFIX: name('hiveferry').describe('First part of the names of all topics.'),
  FERRY_KAFKA_CREATE_TOPICS: flag('true').describe(
    'Create topics that are missing. With false they must be there before: npm run topics, or whoever may create them.',
  ),
  FERRY_KAFKA_PARTITIONS: whole(1, 10_000, 6).describe('Partitions of a topic that is created.'),
  FERRY_KAFKA_REPLICATION: whole(0, 100, 0).describe("Replicas of a topic that is created; 0 is the brokers' default."),
  FERRY_KAFKA_RETENTION_HOURS: whole(1, 87_600, 168).describe('How long wake-ups are kept.'),
  FERRY_KAFKA_DEAD_LETTER_HOURS: whole(1, 87_600, 720).describe('How long messages that could not be read are kept.'),
};

type KafkaValues = z.infer<z.ZodObject<typeof kafkaKeys>>;

export interface KafkaConfiguration {
  /** host:port */
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sslCaFile?: string;
  readonly sasl?: { readonly mechanism: (typeof MECHANISMS)[number]; readonly username: string; readonly passwordRef: string };
  readonly clientId: string;
  readonly plannerGroup: string;
  readonly executorGroup: string;
  readonly topics: {
    readonly prefix: string;
    readonly createsMissing: boolean;
    readonly partitions: number;
    /** 0: the brokers' default. */
    readonly replication: number;
    readonly retentionHours: number;
    readonly deadLetterHours: number;
  };
}

/** @returns undefined when no brokers are given */
export function kafkaOf(values: KafkaValues): KafkaConfiguration | undefined {
  if (values.FERRY_KAFKA_BROKERS === undefined) return undefined;
  const { FERRY_KAFKA_SASL_MECHANISM: mechanism, FERRY_KAFKA_SASL_USERNAME: username, FERRY_KAFKA_SASL_PASSWORD_REF: passwordRef } = values;
  return {
    brokers: values.FERRY_KAFKA_BROKERS.split(','),
    ssl: values.FERRY_KAFKA_SSL === 'true',
    ...(values.FERRY_KAFKA_SSL_CA_FILE !== undefined && { sslCaFile: values.FERRY_KAFKA_SSL_CA_FILE }),
    ...(mechanism !== undefined && username !== undefined && passwordRef !== undefined && { sasl: { mechanism, username, passwordRef } }),
    clientId: values.FERRY_KAFKA_CLIENT_ID,
    plannerGroup: values.FERRY_KAFKA_PLANNER_GROUP,
    executorGroup: values.FERRY_KAFKA_EXECUTOR_GROUP,
    topics: {
      prefix: values.FERRY_KAFKA_TOPIC_PREFIX,
      createsMissing: values.FERRY_KAFKA_CREATE_TOPICS === 'true',
      partitions: values.FERRY_KAFKA_PARTITIONS,
      replication: values.FERRY_KAFKA_REPLICATION,
      retentionHours: values.FERRY_KAFKA_RETENTION_HOURS,
      deadLetterHours: values.FERRY_KAFKA_DEAD_LETTER_HOURS,
    },
  };
}

/** Keys that are needed because another is given, and are not there. */
export function missingForSasl(values: KafkaValues): readonly string[] {
  if (values.FERRY_KAFKA_SASL_MECHANISM === undefined) return [];
  return (['FERRY_KAFKA_SASL_USERNAME', 'FERRY_KAFKA_SASL_PASSWORD_REF'] as const).filter((key) => values[key] === undefined);
}
