/** Api, planner and executors as processes of their own, Kafka between them. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_TASKS_A_MESSAGE, taskTranslationV2 } from '@hiveferry/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../scripts/support/api-client.ts';
import type { RunningService } from '../../scripts/support/service.ts';
import { Hdfs } from '../support/hdfs.ts';
import { FIVE_PROCESSES, startServices } from '../support/services.ts';
import type { Services } from '../support/services.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { until } from '../support/until.ts';

const DATABASE = 'svc';
const TABLES = ['t1', 't2', 't3'];
const LARGE = 5_000_000;

/** Nobody looks at Postgres for what is late: only messages wake. */
const MESSAGES_ONLY = { FERRY_SWEEP_SECONDS: '0' };
/** It reads messages, but nothing is published. */
const MUTE = { FERRY_RELAY: 'false' };

describe('services', () => {
  let services: Services;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let planner: RunningService;
  let operation: Operation;

  beforeAll(async () => {
    services = await startServices(
      FIVE_PROCESSES.map((spec) => ({
        ...spec,
        environment: { ...spec.environment, ...MESSAGES_ONLY, ...(spec.name === 'planner' && MUTE) },
      })),
    );
    sides = [await sqlOf(services.lab, 'source'), await sqlOf(services.lab, 'target')];
    await dropDatabase(services.lab, sides, DATABASE);
    await createSource(services, sides[0]);
    planner = services.processes.find(({ name }) => name === 'planner') ?? fail('no planner runs');
  });

  afterAll(async () => {
    await dropDatabase(services.lab, sides, DATABASE);
    await Promise.all(sides.map((side) => side.close()));
    await services.close();
  });

  it('shows who stands where', async () => {
    const { items } = (await services.api.call('GET', '/v1/executors')) as { items: readonly Record<string, unknown>[] };
    expect(items.map(({ cluster, alive }) => [cluster, alive])).toEqual([
      ['source', true],
      ['target', true],
      ['target', true],
    ]);
    expect(items[0]).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), load: { running: 0, places: 8 } });
  });

  it('starts nothing while nobody relays messages', async () => {
    operation = await services.api.createMigration({
      source: 'source',
      targets: ['target'],
      selection: { databases: [DATABASE] },
      strategy: 'SCHEMA_ONLY',
      proof: 'rows',
      execute: true,
    });
    await sleep(5_000);
    expect((await services.api.run(operation.runId)).state).toBe('REQUESTED');
  });

  it('moves all tables once messages are relayed, each VERIFIED to its rows', async () => {
    await planner.stop();
    await services.start({ name: 'planner', environment: MESSAGES_ONLY });
    const done = await services.api.waitFor(operation, 240_000);
    expect(done.error).toBeFalsy();
    expect((await services.api.run(operation.runId)).state).toBe('SUCCEEDED');
    const tables = await services.api.tables(operation.runId);
    expect(tables.map(({ source, state, evidence }) => [source.table, state, evidence?.level])).toEqual(
      TABLES.map((table) => [table, 'VERIFIED', 'rows']),
    );
  });

  it('ran each step at its own cluster, woken by messages', async () => {
    const owners = await services.rows<{ cluster: string; owner: string }>(
      `select distinct s.cluster, regexp_replace(a.owner, '^executor-([a-z]+)-.*$', '\\1') as owner from step s
       join step_attempt a on a.step_id = s.id order by 1`,
    );
    expect(owners).toEqual([
      { cluster: 'source', owner: 'source' },
      { cluster: 'target', owner: 'target' },
    ]);
    const consumers = await services.rows<{ consumer: string }>('select distinct consumer from inbox order by 1');
    expect(consumers.map(({ consumer }) => consumer)).toEqual(['executor:source', 'executor:target', 'planner']);
  });

  it('keeps what nobody can read as dead letters, and is not held up by it', async () => {
    const { kafka } = services;
    const topics = [`${kafka.prefix}.runs`, `${kafka.prefix}.tasks.source.translation`, `${kafka.prefix}.tasks.target.distcp`];
    const poison = [
      '{"type":',
      '\u0000binary',
      '{"type":"task.distcp","version":9}',
      '{"type":"task.translation","version":9}',
      '{"type":"run.danced","version":1}',
      '[]',
      null,
      ...badTasks(),
    ];
    for (const topic of topics) {
      await kafka.allowLarge(topic, 2 * LARGE);
      await kafka.send(topic, [...poison, `{"type":"${'x'.repeat(LARGE)}"}`]);
    }
    const expected = topics.length * (poison.length + 1);
    await until(async () => (await deadLetters(services)) === expected);
    await until(async () => (await kafka.sent(`${kafka.prefix}.dead-letter`)) === expected);
    const again = await services.api.waitFor(await services.api.command(operation.runId, 'verify'), 120_000);
    expect(again.error).toBeFalsy();
    expect(await deadLetters(services)).toBe(expected);
  });

  it('leaves no message behind', async () => {
    const { kafka } = services;
    const tasks = (cluster: string): readonly string[] =>
      ['translation', 'distcp'].map((kind) => `${kafka.prefix}.tasks.${cluster}.${kind}`);
    const groups: readonly (readonly [string, readonly string[]])[] = [
      [`${kafka.prefix}-planner`, [`${kafka.prefix}.runs`]],
      [`${kafka.prefix}-executor-source`, tasks('source')],
      [`${kafka.prefix}-executor-target`, tasks('target')],
    ];
    for (const [group, topics] of groups) await until(async () => (await kafka.lag(group, topics)) === 0);
    expect(await kafka.sent(`${kafka.prefix}.tasks.target.distcp`)).toBeGreaterThanOrEqual(TABLES.length);
  });
});

const fail = (text: string): never => {
  throw new Error(text);
};

/** Of several tasks: none, one too many, and one of a kind that is not known among others. */
function badTasks(): readonly string[] {
  const kept = new URL('../../libs/contracts/src/messages/examples/task.translation.v2.json', import.meta.url);
  const message = taskTranslationV2.parse(JSON.parse(readFileSync(kept, 'utf8')));
  const tooMany = Array.from({ length: MAX_TASKS_A_MESSAGE + 1 }, () => message.tasks[0]);
  return [[], tooMany, [...message.tasks, { ...message.tasks[0], step: 'dance' }]].map((tasks) => JSON.stringify({ ...message, tasks }));
}

async function deadLetters(services: Services): Promise<number> {
  const [row] = await services.rows<{ count: string }>('select count(*) as count from dead_letter');
  return Number(row?.count);
}

async function createSource({ lab }: Services, source: Sql | undefined): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    const folder = `/data/${DATABASE}/${table}`;
    await source?.execute(
      `create external table ${DATABASE}.${table} (name string, n int) row format delimited fields terminated by ',' ` +
        `stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder}'`,
    );
    await hdfs.write(`${folder}/a.txt`, 'a,1\nb,2\n');
  }
}
