/**
 * An executor is stopped (SIGSTOP) while it is at four steps, each caught at the worst moment, and goes on after another executor took
 * over and ended the run: statements that arrive late change nothing, and what it reports is refused.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import type { TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openMetastoreAudit } from '../support/metastore-audit.ts';
import type { MetastoreAudit } from '../support/metastore-audit.ts';
import { createTestDatabase, startTestPostgres } from '../support/postgres.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedProcess, SupervisedServices } from '../support/supervised-services.ts';
import { openWatchedRelay } from '../support/watched-relay.ts';
import type { RelayedConnection, WatchedRelay } from '../support/watched-relay.ts';

const DATABASE = 'chaos_zombie';
const TABLES = ['before_create', 'inside_create', 'inside_count', 'inside_attach'];

/** Where the executor is caught, by what it sends. */
interface Trap {
  readonly table: string;
  readonly isSprungBy: (chunk: string) => boolean;
  /** The request does not arrive, or its answer does not. */
  readonly keeps: 'request' | 'answer';
}

const creates = (table: string) => (chunk: string) =>
  /create external table/i.test(chunk) && chunk.includes(`/${DATABASE}/${table}'`) && !chunk.includes('preflight');
const HIVE_TRAPS: readonly Trap[] = [
  { table: 'before_create', isSprungBy: creates('before_create'), keeps: 'request' },
  { table: 'inside_create', isSprungBy: creates('inside_create'), keeps: 'answer' },
  { table: 'inside_count', isSprungBy: (chunk) => /select count\(/i.test(chunk) && chunk.includes('inside_count'), keeps: 'answer' },
];
const METASTORE_TRAPS: readonly Trap[] = [
  { table: 'inside_attach', isSprungBy: (chunk) => chunk.includes('add_partitions_req'), keeps: 'answer' },
];

describe('an executor that was stopped and goes on too late', () => {
  let services: SupervisedServices;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let audit: MetastoreAudit;
  let relays: readonly WatchedRelay[];
  let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let zombie: SupervisedProcess;
  let tables: readonly TableView[];
  const sprung: string[] = [];
  const released = Promise.withResolvers<undefined>();
  /** What the zombie said to Postgres after it woke. */
  const late: string[] = [];
  let facts: readonly unknown[];

  const spring = (traps: readonly Trap[], chunk: string, connection: RelayedConnection): Promise<unknown> | undefined => {
    const trap = traps.find(({ table, isSprungBy }) => !sprung.includes(table) && isSprungBy(chunk));
    if (trap === undefined) return undefined;
    sprung.push(trap.table);
    if (trap.keeps === 'request') return released.promise;
    connection.keepAnswers(released.promise);
    return undefined;
  };

  beforeAll(async () => {
    const lab = readLab();
    postgres = await startTestPostgres();
    database = await createTestDatabase(postgres.url);
    const { hiveServer2, metastoreUri } = lab.clusters.target;
    const [hive, metastore, own] = [
      await openWatchedRelay(hiveServer2.host, hiveServer2.port),
      await openWatchedRelay('127.0.0.1', Number(new URL(metastoreUri).port)),
      await openWatchedRelay('127.0.0.1', Number(new URL(database.url).port)),
    ];
    relays = [hive, metastore, own];
    hive.watch = (chunk, connection) => spring(HIVE_TRAPS, chunk, connection);
    metastore.watch = (chunk, connection) => spring(METASTORE_TRAPS, chunk, connection);
    const relayed = new URL(database.url);
    relayed.port = String(own.port);
    services = await startSupervised({
      specs: [
        { name: 'api' },
        { name: 'planner' },
        { name: 'executor', environment: { FERRY_CLUSTER: 'source' } },
        { name: 'executor', environment: { FERRY_CLUSTER: 'target', FERRY_DATABASE_URL: relayed.href } },
      ],
      databaseUrl: database.url,
      cluster: (cluster) =>
        cluster.name === 'target'
          ? {
              ...cluster,
              metastore: { uri: `thrift://127.0.0.1:${String(metastore.port)}` },
              hiveServer2: { ...cluster.hiveServer2, host: '127.0.0.1', port: hive.port },
            }
          : cluster,
    });
    sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await dropDatabase(lab, sides, DATABASE);
    await createSource(services, sides[0]);
    audit = openMetastoreAudit(lab, 'target');
    zombie = services.processes[3] ?? fail('the executor to be stopped does not run');
    const operation = await services.api.createMigration({
      source: 'source',
      targets: ['target'],
      selection: { databases: [DATABASE] },
      strategy: 'SCHEMA_ONLY',
      proof: 'rows',
      execute: true,
    });
    await until('the executor is caught at all four steps', () => sprung.length === TABLES.length);
    zombie.signal('SIGSTOP');
    await services.add({ name: 'executor', environment: { FERRY_CLUSTER: 'target' } });
    await services.api.waitFor(operation, 180_000);
    facts = await factsOf(services);
    own.watch = (chunk) => {
      late.push(chunk);
      return undefined;
    };
    released.resolve(undefined);
    zombie.signal('SIGCONT');
    await until(
      'the executor gave up its four steps',
      () => readFileSync(zombie.logFile, 'utf8').split('taken over by another executor').length > TABLES.length,
    );
    // What is still on its way arrives.
    await sleep(2_000);
    tables = await services.api.tables(operation.runId);
  }, 360_000);

  afterAll(async () => {
    await services.close();
    await Promise.all(relays.map((relay) => relay.close()));
    await dropDatabase(services.lab, sides, DATABASE);
    await Promise.all(sides.map((side) => side.close()));
    await database.drop();
    await postgres.stop();
  });

  it('was caught before a CREATE, inside a CREATE, inside a count, and inside adding partitions', () => {
    expect(sprung.toSorted()).toEqual(TABLES.toSorted());
  });

  it('does not hold up the run: every table is VERIFIED to its rows by the other', () => {
    expect(tables.map(({ source, state, evidence }) => [source.table, state, evidence?.level])).toEqual(
      TABLES.toSorted().map((table) => [table, 'VERIFIED', 'rows']),
    );
  });

  it('changes nothing on the clusters when its statements arrive late', async () => {
    expect([...audit.made(DATABASE)].toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 1]));
    expect(audit.dropped(DATABASE)).toEqual([]);
    const counts: (string | null)[] = [];
    for (const table of TABLES) counts.push(...((await sides[1]?.query(`select count(*) from ${DATABASE}.${table}`))?.flat() ?? []));
    expect(counts).toEqual(TABLES.map(() => '2'));
    expect((await sides[1]?.query(`show partitions ${DATABASE}.inside_attach`))?.flat()).toEqual(['day=2024-01-01', 'day=2024-01-02']);
  });

  it('is refused what it reports: nothing that Postgres holds changed since the other ended the run', async () => {
    expect(late.filter((chunk) => chunk.includes('logged as')).length).toBeGreaterThan(0);
    expect(await factsOf(services)).toEqual(facts);
  });
});

const fail = (text: string): never => {
  throw new Error(text);
};

async function until(what: string, isDone: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isDone()) {
    if (Date.now() > deadline) throw new Error(`it did not come to that within two minutes: ${what}`);
    await sleep(20);
  }
}

/** All that a report can change. */
async function factsOf(services: SupervisedServices): Promise<readonly unknown[]> {
  return [
    await services.rows('select id, state, fence, result, ended_at from step order by id'),
    await services.rows('select step_id, fence, owner, outcome, ended_at from step_attempt order by step_id, fence'),
    await services.rows('select to_jsonb(e) as row from evidence e order by to_jsonb(e)::text'),
    await services.rows('select to_jsonb(m) as row from measurement m order by to_jsonb(m)::text'),
  ];
}

async function createSource({ lab }: SupervisedServices, source: Sql | undefined): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    const folder = `/data/${DATABASE}/${table}`;
    const isPartitioned = table === 'inside_attach';
    await source?.execute(
      `create external table ${DATABASE}.${table} (name string, n int) ${isPartitioned ? 'partitioned by (day string)' : ''} ` +
        `row format delimited fields terminated by ',' stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder}'`,
    );
    if (!isPartitioned) {
      await hdfs.write(`${folder}/a.txt`, 'a,1\nb,2\n');
      continue;
    }
    for (const day of ['day=2024-01-01', 'day=2024-01-02']) await hdfs.write(`${folder}/${day}/a.txt`, 'a,1\n');
    await source?.execute(`msck repair table ${DATABASE}.${table}`);
  }
}
