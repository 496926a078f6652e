import { describe, expect, it } from 'vitest';
import { configurationKeys, parseConfiguration } from './configuration.ts';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  const result = parseConfiguration(environment);
  return result.kind === 'invalid' ? result.problems : [];
};

describe('parseConfiguration', () => {
  it('needs nothing', () => {
    expect(parseConfiguration({ PATH: '/bin', FERRY_HTTP_PORT: '' })).toMatchObject({
      kind: 'valid',
      configuration: { http: { host: '127.0.0.1', port: 8080 }, dataDirectory: '.hiveferry', logLevel: 'info' },
    });
  });

  it('says of every wrong key, in a line each, what was expected and what was found', () => {
    expect(problemsOf({ FERRY_HTTP_PORT: '70000', FERRY_LOG_LEVEL: 'loud' })).toEqual([
      'FERRY_HTTP_PORT: expected a whole number from 0 to 65535; found "70000"',
      'FERRY_LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent; found "loud"',
    ]);
  });

  it('names a key that does not exist', () => {
    expect(problemsOf({ FERRY_HTTP_PROT: '8080' })).toEqual([expect.stringMatching(/^FERRY_HTTP_PROT: .*unknown key$/)]);
  });

  it('listens on loopback only and says why', () => {
    expect(problemsOf({ FERRY_HTTP_HOST: '0.0.0.0' })).toEqual([expect.stringContaining('no authentication yet')]);
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect(problemsOf({ FERRY_HTTP_HOST: host })).toEqual([]);
  });

  it('never shows the address of the database, which holds a password', () => {
    const [problem = ''] = problemsOf({ FERRY_DATABASE_URL: 'mysql://ann:canary@db/x' });
    expect(problem).toMatch(/^FERRY_DATABASE_URL: expected postgresql:/);
    expect(problem).not.toContain('canary');
  });
});

describe('configuration of a process of its own', () => {
  const kafka = { FERRY_KAFKA_BROKERS: 'a:9092,b:9092' };

  it('names each key that the process needs and does not have', () => {
    const result = parseConfiguration(kafka, ['FERRY_KAFKA_BROKERS', 'FERRY_CLUSTER']);
    expect(result).toEqual({ kind: 'invalid', problems: ['FERRY_CLUSTER: expected the name of a registered cluster; found nothing'] });
  });

  it('needs who logs in when it is said how', () => {
    expect(problemsOf({ ...kafka, FERRY_KAFKA_SASL_MECHANISM: 'plain', FERRY_KAFKA_SASL_USERNAME: 'ann' })).toEqual([
      'FERRY_KAFKA_SASL_PASSWORD_REF: expected a reference: env:NAME or file:/path; found nothing',
    ]);
  });

  it('takes a password by reference only and does not show what was given', () => {
    const [problem = ''] = problemsOf({ ...kafka, FERRY_KAFKA_SASL_PASSWORD_REF: 'canary' });
    expect(problem).toMatch(/^FERRY_KAFKA_SASL_PASSWORD_REF: expected a reference/);
    expect(problem).not.toContain('canary');
  });

  it('passes TLS, log-in and topics on', () => {
    const result = parseConfiguration({
      ...kafka,
      FERRY_KAFKA_SSL: 'true',
      FERRY_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      FERRY_KAFKA_SASL_USERNAME: 'ann',
      FERRY_KAFKA_SASL_PASSWORD_REF: 'file:/run/kafka',
    });
    expect(result.kind === 'valid' && result.configuration.kafka).toMatchObject({
      brokers: ['a:9092', 'b:9092'],
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'ann', passwordRef: 'file:/run/kafka' },
      topics: { prefix: 'hiveferry', createsMissing: true, partitions: 6 },
    });
  });
});

describe('configurationKeys', () => {
  it('explains every key', () => {
    for (const { key, description, expected } of configurationKeys())
      expect([key, description !== '', expected !== '']).toEqual([key, true, true]);
  });
});
