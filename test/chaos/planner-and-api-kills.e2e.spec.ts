/** Planners are killed at seeded points of a run, and the api between the commit of a request and its answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';
import { createTestDatabase, startTestPostgres } from '../support/postgres.ts';
import { openMetastoreAudit } from '../support/metastore-audit.ts';
import type { MetastoreAudit } from '../support/metastore-audit.ts';
import { seeded } from '../support/seeded.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedProcess, SupervisedServices } from '../support/supervised-services.ts';
import { until } from '../support/until.ts';
import { openWatchedRelay } from '../support/watched-relay.ts';
import type { WatchedRelay } from '../support/watched-relay.ts';

const DATABASE = 'chaos_planner';
const TABLES = ['t1', 't2', 't3', 't4', 't5', 't6'];
const KILLS = 6;
const REQUEST = {
  source: 'source',
  targets: ['target'],
  selection: { databases: [DATABASE] },
  strategy: 'SCHEMA_ONLY',
  proof: 'rows',
  execute: true,
};

describe('planner and api that are killed', () => {
  let services: SupervisedServices;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let audit: MetastoreAudit;
  let relay: WatchedRelay;
  let metastore: WatchedRelay;
  let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let runId: string;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    database = await createTestDatabase(postgres.url);
    const direct = new URL(database.url);
    relay = await openWatchedRelay(direct.hostname, Number(direct.port));
    metastore = await openWatchedRelay('127.0.0.1', Number(new URL(readLab().clusters.source.metastoreUri).port));
    const relayed = new URL(database.url);
    relayed.port = String(relay.port);
    const executor = (cluster: string) => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } }) as const;
    services = await startSupervised({
      specs: [
        { name: 'api', environment: { FERRY_DATABASE_URL: relayed.href } },
        { name: 'planner' },
        executor('source'),
        executor('target'),
      ],
      databaseUrl: database.url,
      cluster: (cluster) =>
        cluster.name === 'source' ? { ...cluster, metastore: { uri: `thrift://127.0.0.1:${String(metastore.port)}` } } : cluster,
    });
    const lab = readLab();
    sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await dropDatabase(lab, sides, DATABASE);
    await createSource(services, sides[0]);
    audit = openMetastoreAudit(lab, 'target');
  }, 240_000);

  afterAll(async () => {
    await services.close();
    await Promise.all([relay.close(), metastore.close()]);
    await dropDatabase(services.lab, sides, DATABASE);
    await Promise.all(sides.map((side) => side.close()));
    await database.drop();
    await postgres.stop();
  });

  it('answers a repeated request with the run of the first, when the api died between its commit and its answer', async () => {
    const api = processOf(services, 'api');
    // The run is to be there when the planner is killed in the middle of planning.
    await processOf(services, 'planner').kill();
    const committed = Promise.withResolvers<undefined>();
    relay.watch = (chunk, connection) => {
      if (!chunk.includes('COMMIT') || !connection.sent.includes('insert into migration')) return undefined;
      connection.keepAnswers(new Promise(() => undefined));
      committed.resolve(undefined);
      return undefined;
    };
    const lost = post(services, 'move-all').catch((error: unknown) => error);
    await committed.promise;
    await until(async () => (await count(services, 'migration')) === 1);
    const runs = await services.rows<{ id: string }>('select id from run');
    runId = runs[0]?.id ?? '';
    await api.kill();
    expect(await lost).toBeInstanceOf(Error);
    relay.watch = () => undefined;
    await api.start();
    const again = await post(services, 'move-all');
    expect(again.status).toBe(202);
    const body = (await again.json()) as { readonly runId: string };
    expect([body.runId, await services.rows('select id from run'), await count(services, 'migration')]).toEqual([runId, runs, 1]);
  });

  it('ends the run by itself while the planner is killed again and again', async () => {
    const planner = processOf(services, 'planner');
    const random = seeded(7);
    const kills: string[] = [];
    // The first ones while it plans, which is slow for them; the others anywhere in the run.
    metastore.watch = () => sleep(150);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await planner.start();
      if (kill <= KILLS / 2) await until(async () => (await count(services, 'run_inventory')) > 0);
      else metastore.watch = () => undefined;
      await sleep(Math.round(random() * (kill <= KILLS / 2 ? 1_500 : 3_000)));
      kills.push(`${String(kill)} | ${await progressOf(services, runId)}`);
      await planner.kill();
    }
    await planner.start();
    expect(kills.filter((each) => each.includes('run PLANNING')).length).toBeGreaterThan(0);
    console.info(['planner killed | run | plan | steps', ...kills].join('\n'));
    await services.api.waitFor(await operationOf(services, runId), 180_000);
    const tables = await services.api.tables(runId);
    expect(tables.map(({ source, state, evidence }) => [source.table, state, evidence?.level])).toEqual(
      TABLES.map((table) => [table, 'VERIFIED', 'rows']),
    );
    expect((await services.api.run(runId)).state).toBe('SUCCEEDED');
  }, 300_000);

  it('planned each table once, gave each step one end, and made every table once', async () => {
    expect(await count(services, 'run_table')).toBe(TABLES.length);
    const ends = await services.rows(`select step_id from step_attempt where outcome = 'DONE' group by 1 having count(*) <> 1`);
    expect(ends).toEqual([]);
    expect([...audit.made(DATABASE)].toSorted()).toEqual(TABLES.map((table) => [table, 1]));
    expect(audit.dropped(DATABASE)).toEqual([]);
  });
});

function processOf({ processes }: SupervisedServices, name: SupervisedProcess['name']): SupervisedProcess {
  const found = processes.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no ${name} runs`);
  return found;
}

async function post({ api }: SupervisedServices, key: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return await fetch(`${api.url}/v1/migrations`, { method: 'POST', headers, body: JSON.stringify(REQUEST) });
}

async function operationOf(
  services: SupervisedServices,
  runId: string,
): Promise<Awaited<ReturnType<SupervisedServices['api']['waitFor']>>> {
  const [row] = await services.rows<{ id: string; migrationId: string }>(
    `select id, migration_id as "migrationId" from operation where run_id = '${runId}'`,
  );
  return { id: row?.id ?? '', runId, migrationId: row?.migrationId ?? '', done: false };
}

async function count(services: SupervisedServices, table: string): Promise<number> {
  const [row] = await services.rows<{ count: string }>(`select count(*) as count from ${table}`);
  return Number(row?.count);
}

async function progressOf(services: SupervisedServices, runId: string): Promise<string> {
  const [run] = await services.rows<{ state: string }>(`select state from run where id = '${runId}'`);
  const steps = await services.rows<{ state: string; count: string }>(
    `select state, count(*) as count from step where run_id = '${runId}' group by 1 order by 1`,
  );
  const planned = `${String(await count(services, 'run_table'))} of ${String(TABLES.length)} tables planned`;
  return `run ${run?.state ?? 'absent'} | ${planned} | steps ${steps.map((each) => `${each.count} ${each.state}`).join(', ') || 'none'}`;
}

async function createSource({ lab }: SupervisedServices, source: Sql | undefined): Promise<void> {
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
