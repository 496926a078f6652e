/**
 * The executors of both clusters are stopped (SIGSTOP) while they are at ten steps, each caught at the worst moment, and go on after others
 * took over and ended the runs: statements and renames that arrive late change nothing, and what they report is refused.
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
/** Moved by strategy SQL. */
const ROWS_DATABASE = 'chaos_zombie_rows';
const PLAIN_TABLES = ['before_insert', 'before_rename', 'inside_insert'];
/** Full ACID, and stay so: the source's executor is caught as well. */
const ACID_TABLES = ['before_table_rename', 'inside_table_rename', 'inside_transfer'];
const ROWS_TABLES = [...PLAIN_TABLES, ...ACID_TABLES];
const ALL_TABLES = [...TABLES, ...ROWS_TABLES].toSorted();

/** Where the executor is caught, by what it sends. */
interface Trap {
  readonly table: string;
  readonly isSprungBy: (chunk: string, connection: RelayedConnection) => boolean;
  /** The request does not arrive, or its answer does not. */
  readonly keeps: 'request' | 'answer';
}

const creates = (table: string) => (chunk: string) =>
  /create external table/i.test(chunk) && chunk.includes(`/${DATABASE}/${table}'`) && !chunk.includes('preflight');
/** The INSERT has names of its attempt only; the shadow table before it, in the same session, lies at the source's files. */
const inserts = (table: string) => (chunk: string, connection: RelayedConnection) =>
  /insert overwrite table/i.test(chunk) && connection.sent.includes(`/${ROWS_DATABASE}/${table}'`);
const renames = (table: string) => (chunk: string) =>
  /alter table `hiveferry_preflight`\.`hiveferry_working_\w+` rename to/i.test(chunk) && chunk.includes(`\`${table}\``);
const HIVE_TRAPS: readonly Trap[] = [
  { table: 'before_create', isSprungBy: creates('before_create'), keeps: 'request' },
  { table: 'inside_create', isSprungBy: creates('inside_create'), keeps: 'answer' },
  { table: 'before_insert', isSprungBy: inserts('before_insert'), keeps: 'request' },
  { table: 'inside_insert', isSprungBy: inserts('inside_insert'), keeps: 'answer' },
  { table: 'before_table_rename', isSprungBy: renames('before_table_rename'), keeps: 'request' },
  { table: 'inside_table_rename', isSprungBy: renames('inside_table_rename'), keeps: 'answer' },
  { table: 'inside_count', isSprungBy: (chunk) => /select count\(/i.test(chunk) && chunk.includes('inside_count'), keeps: 'answer' },
];
const SOURCE_TRAPS: readonly Trap[] = [
  {
    table: 'inside_transfer',
    isSprungBy: (chunk) => /insert overwrite table `hiveferry_transfer`/i.test(chunk) && chunk.includes('`inside_transfer`'),
    keeps: 'answer',
  },
];
const METASTORE_TRAPS: readonly Trap[] = [
  { table: 'inside_attach', isSprungBy: (chunk) => chunk.includes('add_partitions_req'), keeps: 'answer' },
];
const HDFS_TRAPS: readonly Trap[] = [
  {
    table: 'before_rename',
    isSprungBy: (chunk) => chunk.includes('op=RENAME') && decodeURIComponent(chunk).includes('/before_rename&'),
    keeps: 'request',
  },
];

describe('executors that were stopped and go on too late', () => {
  let services: SupervisedServices;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let audit: MetastoreAudit;
  let relays: readonly WatchedRelay[];
  let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let zombies: readonly SupervisedProcess[];
  let tables: readonly TableView[];
  let rowsTables: readonly TableView[];
  const sprung: string[] = [];
  const released = Promise.withResolvers<undefined>();
  /** What the zombies said to Postgres after they woke. */
  const late: string[] = [];
  let facts: readonly unknown[];

  const spring = (traps: readonly Trap[], chunk: string, connection: RelayedConnection): Promise<unknown> | undefined => {
    const trap = traps.find(({ table, isSprungBy }) => !sprung.includes(table) && isSprungBy(chunk, connection));
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
    const { hiveServer2, metastoreUri, hdfs } = lab.clusters.target;
    const { hiveServer2: sourceServer } = lab.clusters.source;
    const [sourceHive, hive, metastore, files, own] = [
      await openWatchedRelay(sourceServer.host, sourceServer.port),
      await openWatchedRelay(hiveServer2.host, hiveServer2.port),
      await openWatchedRelay('127.0.0.1', Number(new URL(metastoreUri).port)),
      await openWatchedRelay('127.0.0.1', Number(new URL(hdfs.webHdfsUri).port)),
      await openWatchedRelay('127.0.0.1', Number(new URL(database.url).port)),
    ];
    relays = [sourceHive, hive, metastore, files, own];
    sourceHive.watch = (chunk, connection) => spring(SOURCE_TRAPS, chunk, connection);
    hive.watch = (chunk, connection) => spring(HIVE_TRAPS, chunk, connection);
    metastore.watch = (chunk, connection) => spring(METASTORE_TRAPS, chunk, connection);
    files.watch = (chunk, connection) => spring(HDFS_TRAPS, chunk, connection);
    const relayed = new URL(database.url);
    relayed.port = String(own.port);
    services = await startSupervised({
      specs: [
        { name: 'api' },
        { name: 'planner' },
        ...['source', 'target'].map(
          (side) => ({ name: 'executor', environment: { FERRY_CLUSTER: side, FERRY_DATABASE_URL: relayed.href } }) as const,
        ),
      ],
      databaseUrl: database.url,
      // A place for each step that is caught, and others for the steps on the way to them.
      environment: { FERRY_WORKERS_SQL: '12', FERRY_WORKERS_COPY: '4' },
      cluster: (cluster) =>
        cluster.name === 'source'
          ? { ...cluster, hiveServer2: { ...cluster.hiveServer2, host: '127.0.0.1', port: sourceHive.port } }
          : {
              ...cluster,
              metastore: { uri: `thrift://127.0.0.1:${String(metastore.port)}` },
              hiveServer2: { ...cluster.hiveServer2, host: '127.0.0.1', port: hive.port, maxSessions: 16 },
              hdfs: { ...cluster.hdfs, webHdfsUri: `http://127.0.0.1:${String(files.port)}` },
            },
    });
    sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    for (const name of [DATABASE, ROWS_DATABASE]) await dropDatabase(lab, sides, name);
    await createSource(services, sides[0]);
    await createRowsSource(services, sides[0]);
    audit = openMetastoreAudit(lab, 'target');
    zombies = services.processes.slice(2);
    const common = { source: 'source', targets: ['target'], proof: 'rows', execute: true };
    const operation = await services.api.createMigration({ ...common, selection: { databases: [DATABASE] }, strategy: 'SCHEMA_ONLY' });
    const sql = { strategy: 'SQL', transactionalTables: 'migrate' };
    const byRows = await services.api.createMigration({ ...common, selection: { databases: [ROWS_DATABASE] }, ...sql });
    await until('the executors are caught at all ten steps', () => sprung.length === ALL_TABLES.length);
    for (const zombie of zombies) zombie.signal('SIGSTOP');
    for (const side of ['source', 'target']) await services.add({ name: 'executor', environment: { FERRY_CLUSTER: side } });
    await services.api.waitFor(operation, 180_000);
    await services.api.waitFor(byRows, 180_000);
    facts = await factsOf(services);
    own.watch = (chunk) => {
      late.push(chunk);
      return undefined;
    };
    released.resolve(undefined);
    for (const zombie of zombies) zombie.signal('SIGCONT');
    await until(
      'the executors gave up their ten steps',
      () => zombies.reduce((sum, zombie) => sum + stepsGivenUp(zombie), 0) >= ALL_TABLES.length,
    );
    // What is still on its way arrives.
    await sleep(2_000);
    tables = await services.api.tables(operation.runId);
    rowsTables = await services.api.tables(byRows.runId);
  }, 360_000);

  afterAll(async () => {
    await services.close();
    await Promise.all(relays.map((relay) => relay.close()));
    for (const name of [DATABASE, ROWS_DATABASE]) await dropDatabase(services.lab, sides, name);
    await Promise.all(sides.map((side) => side.close()));
    await database.drop();
    await postgres.stop();
  });

  it('were caught before a CREATE, an INSERT and both kinds of RENAME, inside a transfer, a CREATE, an INSERT, a RENAME and a count, and inside adding partitions', () => {
    expect(sprung.toSorted()).toEqual(ALL_TABLES);
  });

  it('do not hold up the runs: every table is VERIFIED to its rows by the others', () => {
    const verified = [...tables, ...rowsTables].map(({ source, state, evidence }) => [source.table, state, evidence?.level]);
    expect(verified.toSorted()).toEqual(ALL_TABLES.map((table) => [table, 'VERIFIED', 'rows']));
  });

  it('change nothing on the clusters when their statements arrive late', async () => {
    expect([...audit.made(DATABASE)].toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 1]));
    expect(audit.dropped(DATABASE)).toEqual([]);
    const counts: (string | null)[] = [];
    for (const table of TABLES) counts.push(...((await sides[1]?.query(`select count(*) from ${DATABASE}.${table}`))?.flat() ?? []));
    expect(counts).toEqual(TABLES.map(() => '2'));
    expect((await sides[1]?.query(`show partitions ${DATABASE}.inside_attach`))?.flat()).toEqual(['day=2024-01-01', 'day=2024-01-02']);
  });

  it('publish no row twice: late INSERTs and a late RENAME change nothing on either cluster, and leave nothing there', async () => {
    expect([...audit.made(ROWS_DATABASE)].toSorted()).toEqual(PLAIN_TABLES.toSorted().map((table) => [table, 1]));
    expect(ACID_TABLES.map((table) => [table, audit.renamed().get(table)])).toEqual(ACID_TABLES.map((table) => [table, 1]));
    expect(audit.dropped(ROWS_DATABASE)).toEqual([]);
    for (const side of sides)
      for (const table of ROWS_TABLES)
        expect(await side.query(`select * from ${ROWS_DATABASE}.${table} order by name`)).toEqual([
          ['a', '1'],
          ['b', '2'],
        ]);
    const target = new Hdfs(services.lab.clusters.target.hdfs);
    expect((await target.names(`/data/${ROWS_DATABASE}`)).toSorted()).toEqual(PLAIN_TABLES);
    for (const table of PLAIN_TABLES) expect(await target.names(`/data/${ROWS_DATABASE}/${table}`)).toHaveLength(1);
    expect((await target.names(`/warehouse/managed/${ROWS_DATABASE}.db`)).toSorted()).toEqual(ACID_TABLES);
    expect(await leftOfAttempts(services, sides)).toEqual([]);
  });

  it('leave transactional tables that take updates', async () => {
    for (const table of ACID_TABLES) {
      await sides[1]?.execute(`update ${ROWS_DATABASE}.${table} set n = 3 where name = 'b'`);
      expect(await sides[1]?.query(`select n from ${ROWS_DATABASE}.${table} order by n`)).toEqual([['1'], ['3']]);
    }
  });

  it('are refused what they report: nothing that Postgres holds changed since the other ended the run', async () => {
    // Reports are what counts claims down, or writes attempts down.
    expect(late.filter((chunk) => chunk.includes('update step_claim') || chunk.includes('into kept_attempt')).length).toBeGreaterThan(0);
    expect(await factsOf(services)).toEqual(facts);
  });
});

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

const stepsGivenUp = ({ logFile }: SupervisedProcess): number =>
  readFileSync(logFile, 'utf8').split('taken over by another executor').length - 1;

/** Tables and directories of attempts to move rows, which bear the ids of their steps. */
async function leftOfAttempts(services: SupervisedServices, sides: readonly Sql[]): Promise<readonly unknown[]> {
  const steps = await services.rows<{ readonly id: string }>(
    `select replace(id::text, '-', '') as id from step where kind in ('transfer-rows', 'insert-rows')`,
  );
  const found: (string | null)[] = [];
  for (const side of sides)
    for (const [database = null] of await side.query(`show databases like 'hiveferry_*'`))
      found.push(...(await side.query(`show tables in ${database ?? ''}`)).flat());
  found.push(...(await new Hdfs(services.lab.clusters.source.hdfs).names('/warehouse/external')));
  found.push(...(await new Hdfs(services.lab.clusters.target.hdfs).names('/warehouse/managed/hiveferry_preflight.db')));
  return found.filter((name) => steps.some(({ id }) => name?.includes(id)));
}

async function createRowsSource({ lab }: SupervisedServices, source: Sql | undefined): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${ROWS_DATABASE}`);
  for (const table of PLAIN_TABLES) {
    const folder = `/data/${ROWS_DATABASE}/${table}`;
    await source?.execute(
      `create external table ${ROWS_DATABASE}.${table} (name string, n int) row format delimited fields terminated by ',' ` +
        `stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder}'`,
    );
    await hdfs.write(`${folder}/a.txt`, 'a,1\nb,2\n');
  }
  for (const table of ACID_TABLES) {
    await source?.execute(
      `create table ${ROWS_DATABASE}.${table} (name string, n int) stored as orc tblproperties ('transactional'='true')`,
    );
    await source?.execute(`insert into ${ROWS_DATABASE}.${table} values ('a', 1), ('b', 2)`);
  }
}
