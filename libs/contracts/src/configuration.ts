import { z } from 'zod';
import { kafkaKeys, kafkaOf, missingForSasl } from './kafka-configuration.ts';
import type { KafkaConfiguration } from './kafka-configuration.ts';
import { ClusterName } from './text.ts';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

const whole = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(fallback)
    .meta({ expected: `a whole number from ${min} to ${max}` });

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every key of the environment that the service reads. `expected` is what a wrong value is answered with. */
export const ConfigurationSchema = z.object({
  FERRY_HTTP_HOST: z.string().regex(LOOPBACK).default('127.0.0.1').meta({
    description: 'Address to listen on.',
    expected: 'a loopback address (127.0.0.1, ::1, localhost): there is no authentication yet, so the service is for this machine only',
  }),
  FERRY_HTTP_PORT: whole(0, 65535, 8080).describe('Port to listen on; 0 takes a free one.'),
  FERRY_DATA_DIR: z.string().min(1).default('.hiveferry').meta({
    description: 'Folder of the embedded Postgres, logs of steps and artefacts.',
    expected: 'a path',
  }),
  FERRY_DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\/[^\s]+$/)
    .exactOptional()
    .meta({
      description: 'Postgres to use. Absent: an embedded one in the data folder.',
      expected: 'postgresql://user:password@host:port/database',
      secret: true,
    }),
  FERRY_LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .meta({ description: 'Least severe level that is logged.', expected: `one of ${LOG_LEVELS.join(', ')}` }),
  FERRY_WORKERS_SQL: whole(1, 64, 4).describe('HiveQL, metastore and verification steps that run at a time, for each target.'),
  FERRY_WORKERS_COPY: whole(1, 64, 2).describe(
    'DistCp jobs, INSERTs of strategy SQL, exports and imports that run at a time, for each target.',
  ),
  FERRY_WORKERS_MEASURE: whole(1, 64, 2).describe('Listings, checksums and row counts that run at a time, for each target.'),
  FERRY_LEASE_SECONDS: whole(5, 3600, 30).describe(
    'How long a step is held without a sign of life before another executor may take it over.',
  ),
  FERRY_ATTEMPTS: whole(1, 20, 5).describe('How often a step is tried before it counts as failed.'),
  FERRY_CHECK_SECONDS: whole(1, 300, 30).describe('Time-out of each part of a cluster check.'),
  FERRY_BODY_LIMIT_BYTES: whole(1024, 67_108_864, 1_048_576).describe('Largest body of a request.'),
  FERRY_CLUSTER: ClusterName.exactOptional().meta({
    description: 'Cluster at whose edge this executor stands. The standalone service has none: it serves all.',
    expected: 'the name of a registered cluster',
  }),
  FERRY_RELAY: z.enum(['true', 'false']).default('true').meta({
    description: 'Whether this planner carries messages from the outbox to Kafka; one that does is needed.',
    expected: 'true or false',
  }),
  FERRY_SWEEP_SECONDS: whole(0, 3600, 2).describe('How often to look for what the dead left and for wake-ups that were lost; 0 is never.'),
  ...kafkaKeys,
});

export interface Configuration {
  readonly http: { readonly host: string; readonly port: number; readonly bodyLimitBytes: number };
  readonly dataDirectory: string;
  readonly databaseUrl?: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Steps that run at a time, by what they load. */
  readonly workers: { readonly sql: number; readonly copy: number; readonly measure: number };
  readonly leaseSeconds: number;
  readonly attempts: number;
  readonly checkSeconds: number;
  /** Cluster at whose edge this executor stands. */
  readonly cluster?: string;
  readonly relays: boolean;
  /** 0 is never. */
  readonly sweepSeconds: number;
  /** Absent without brokers. */
  readonly kafka?: KafkaConfiguration;
}

/** Keys without a default that some processes cannot do without. */
export type NeededKey = 'FERRY_DATABASE_URL' | 'FERRY_KAFKA_BROKERS' | 'FERRY_CLUSTER';

export type ConfigurationResult =
  { readonly kind: 'valid'; readonly configuration: Configuration } | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/**
 * Reads and checks the environment.
 *
 * @param needs keys that this process cannot do without
 * @returns problems: one line a key that says the key, what was expected and what was found; never the value of a secret
 */
export function parseConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  needs: readonly NeededKey[] = [],
): ConfigurationResult {
  const entries = Object.entries(environment).filter(([key, value]) => key.startsWith('FERRY_') && value !== undefined && value !== '');
  const unknown = entries.filter(([key]) => !isKnown(key)).map(([key]) => unknownKey(key));
  const result = ConfigurationSchema.safeParse(Object.fromEntries(entries));
  const keys = result.success ? [] : [...new Set(result.error.issues.map((issue) => String(issue.path[0])))];
  const given = new Set(entries.map(([key]) => key));
  const missing = [...needs.filter((key) => !given.has(key)), ...(result.success ? missingForSasl(result.data) : [])];
  const problems = [...[...keys, ...missing].map((key) => wrongValue(key, environment[key])), ...unknown];
  if (!result.success || problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'valid', configuration: configurationOf(result.data) };
}

function configurationOf(values: z.infer<typeof ConfigurationSchema>): Configuration {
  const kafka = kafkaOf(values);
  return {
    http: { host: values.FERRY_HTTP_HOST, port: values.FERRY_HTTP_PORT, bodyLimitBytes: values.FERRY_BODY_LIMIT_BYTES },
    dataDirectory: values.FERRY_DATA_DIR,
    ...(values.FERRY_DATABASE_URL === undefined ? {} : { databaseUrl: values.FERRY_DATABASE_URL }),
    logLevel: values.FERRY_LOG_LEVEL,
    workers: { sql: values.FERRY_WORKERS_SQL, copy: values.FERRY_WORKERS_COPY, measure: values.FERRY_WORKERS_MEASURE },
    leaseSeconds: values.FERRY_LEASE_SECONDS,
    attempts: values.FERRY_ATTEMPTS,
    checkSeconds: values.FERRY_CHECK_SECONDS,
    ...(values.FERRY_CLUSTER !== undefined && { cluster: values.FERRY_CLUSTER }),
    relays: values.FERRY_RELAY === 'true',
    sweepSeconds: values.FERRY_SWEEP_SECONDS,
    ...(kafka !== undefined && { kafka }),
  };
}

export interface ConfigurationKey {
  readonly key: string;
  readonly description: string;
  readonly expected: string;
  /** Absent when there is no default. */
  readonly fallback?: string;
}

/** All keys with their meaning, for the reference page and for messages. */
export function configurationKeys(): readonly ConfigurationKey[] {
  const defaults: Readonly<Record<string, string | number | undefined>> = ConfigurationSchema.parse({});
  return Object.entries(ConfigurationSchema.shape).map(([key, schema]) => ({
    key,
    description: schema.description ?? '',
    expected: metaText(schema, 'expected'),
    ...(defaults[key] === undefined ? {} : { fallback: String(defaults[key]) }),
  }));
}

function wrongValue(key: string, found: string | undefined): string {
  const schema = Object.entries(ConfigurationSchema.shape).find(([name]) => name === key)?.[1];
  const expected = schema === undefined ? 'a known key' : metaText(schema, 'expected');
  const isSecret = schema?.meta()?.['secret'] === true;
  if (found === undefined || found === '') return `${key}: expected ${expected}; found nothing`;
  return `${key}: expected ${expected}; found ${isSecret ? 'something else (not shown, it may hold a password)' : JSON.stringify(found)}`;
}

const isKnown = (key: string): boolean => key in ConfigurationSchema.shape;
const unknownKey = (key: string): string => `${key}: expected one of the keys in docs/reference/configuration.md; found an unknown key`;

function metaText(schema: z.ZodType, name: string): string {
  const value = schema.meta()?.[name];
  return typeof value === 'string' ? value : '';
}
