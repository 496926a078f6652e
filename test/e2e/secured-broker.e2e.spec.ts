/** A broker that asks who comes: service processes log in as the configuration says, and say in one line when they are refused. */
import { readFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOwnKafka } from '../support/own-kafka.ts';
import type { OwnKafka } from '../support/own-kafka.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedServices } from '../support/supervised-services.ts';

const USER = { username: 'ferry', password: 'canary-of-the-broker' };
const login = (mechanism: string, password = USER.password): Readonly<Record<string, string>> => ({
  FERRY_KAFKA_SASL_MECHANISM: mechanism,
  FERRY_KAFKA_SASL_USERNAME: USER.username,
  FERRY_KAFKA_SASL_PASSWORD_REF: 'env:BROKER_PASSWORD',
  BROKER_PASSWORD: password,
});
const executor = (environment: Readonly<Record<string, string>>) =>
  ({ name: 'executor', environment: { FERRY_CLUSTER: 'source', ...environment } }) as const;

let kafka: OwnKafka;
let admin: Admin;
let services: SupervisedServices;

beforeAll(async () => {
  kafka = await startOwnKafka(USER);
  admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING, sasl: { mechanism: 'plain', ...USER } }).admin();
  await admin.connect();
  services = await startSupervised({
    specs: [{ name: 'api' }, { name: 'planner' }, executor(login('plain'))],
    environment: login('scram-sha-512'),
    brokers: kafka.brokers,
  });
}, 240_000);

afterAll(async () => {
  await services.close();
  await admin.disconnect();
  await kafka.close();
});

it('lets in planner and executor, by SCRAM and by PLAIN: they are members of their groups', async () => {
  const members = async (): Promise<readonly unknown[]> => {
    const { groups } = await admin.listGroups();
    const described = await admin.describeGroups(groups.map(({ groupId }) => groupId));
    return described.groups.map(({ groupId, members: each }) => [groupId.replace(/^chaos-[^-]+-[^-]+-/, ''), each.length]).toSorted();
  };
  await expect.poll(members, { timeout: 120_000 }).toEqual([
    ['executor-source', 1],
    ['planner', 1],
  ]);
});

it('brings a request to the planner by messages', async () => {
  const operation = await services.api.createMigration({
    source: 'source',
    targets: ['target'],
    selection: { databases: ['no_such_database'] },
  });
  expect((await services.api.waitFor(operation, 60_000)).error).toMatchObject({ code: 'DATABASE_NOT_FOUND' });
  const topics = (await admin.listTopics()).filter((topic) => topic.endsWith('.runs'));
  const sent = await Promise.all(topics.map(async (topic) => (await admin.fetchTopicOffsets(topic)).map(({ high }) => Number(high))));
  expect(sent.flat().reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
});

it('refuses a wrong password, and the process ends with one line that says so and not the password', async () => {
  const refused = services.add(executor(login('scram-sha-512', 'wrong-canary')));
  const message = await refused.then(
    () => 'it runs',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const [first = '', ...lines] = message.split('\n').filter((line) => line !== '' && !line.includes('"level":30'));
  expect(first).toMatch(/ended with code [1-9]/);
  const why =
    'authentication failed: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512';
  const advice = 'Check FERRY_KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD_REF.';
  expect(lines).toEqual([`Hiveferry executor did not start: Kafka at ${kafka.brokers}: SASL SCRAM SHA512 ${why}. ${advice}`]);
  expect(message).not.toContain('canary');
});

it('tells the password in no log', () => {
  for (const { logFile } of services.processes) expect(readFileSync(logFile, 'utf8')).not.toContain(USER.password);
});
