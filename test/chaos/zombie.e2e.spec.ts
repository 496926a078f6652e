/**
 * The executors of both clusters are stopped (SIGSTOP) while they are at thirteen steps, each caught at the worst moment, and go on after others
 * took over and ended the runs: statements and renames that arrive late change nothing, and what they report is refused.
 */
import { readFileSync } from 'node:fs';
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
import { until } from '../support/until.ts';
import { openWatchedRelay } from '../support/watched-relay.ts';
import type { RelayedConnection, WatchedRelay } from '../support/watched-relay.ts';
import {
  ACID_TABLES,
  ALL_TABLES,
  DATABASE,
  DATABASES,
  EXPORTED_TABLES,
  EXPORTS_DATABASE,
  PLAIN_TABLES,
  ROWS,
  ROWS_DATABASE,
  ROWS_TABLES,
  TABLES,
  createSources,
} from './zombie-tables.ts';

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
const exports = (table: string) => (chunk: string) => chunk.includes(`EXPORT TABLE \`${EXPORTS_DATABASE}\`.\`${table}\``);
const HIVE_TRAPS: readonly Trap[] = [
  { table: 'before_create', isSprungBy: creates('before_create'), keeps: 'request' },
  { table: 'inside_create', isSprungBy: creates('inside_create'), keeps: 'answer' },
  { table: 'before_insert', isSprungBy: inserts('before_insert'), keeps: 'request' },
  { table: 'inside_insert', isSprungBy: inserts('inside_insert'), keeps: 'answer' },
  { table: 'before_table_rename', isSprungBy: renames('before_table_rename'), keeps: 'request' },
  { table: 'inside_table_rename', isSprungBy: renames('inside_table_rename'), keeps: 'answer' },
  // The two others are caught at their EXPORT.
  {
    table: 'before_import',
    isSprungBy: (chunk) => chunk.includes('IMPORT EXTERNAL TABLE') && chunk.includes(`/${EXPORTS_DATABASE}/`),
    keeps: 'request',
  },
  { table: 'inside_count', isSprungBy: (chunk) => /select count\(/i.test(chunk) && chunk.includes('inside_count'), keeps: 'answer' },
];
const SOURCE_TRAPS: readonly Trap[] = [
  {
    table: 'inside_transfer',
    isSprungBy: (chunk) => /insert overwrite table `hiveferry_transfer`/i.test(chunk) && chunk.includes('`inside_transfer`'),
    keeps: 'answer',
  },
  { table: 'before_export', isSprungBy: exports('before_export'), keeps: 'request' },
  { table: 'inside_export', isSprungBy: exports('inside_export'), keeps: 'answer' },
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
  let exportedTables: readonly TableView[];
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
      environment: { FERRY_WORKERS_SQL: '12', FERRY_WORKERS_COPY: '8' },
      cluster: (cluster) =>
        cluster.name === 'source'
          ? { ...cluster, hiveServer2: { ...cluster.hiveServer2, host: '127.0.0.1', port: sourceHive.port, maxSessions: 8 } }
          : {
              ...cluster,
              metastore: { uri: `thrift://127.0.0.1:${String(metastore.port)}` },
              hiveServer2: { ...cluster.hiveServer2, host: '127.0.0.1', port: hive.port, maxSessions: 16 },
              hdfs: { ...cluster.hdfs, webHdfsUri: `http://127.0.0.1:${String(files.port)}` },
            },
    });
    sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    for (const name of DATABASES) await dropDatabase(lab, sides, name);
    await createSources(services, sides[0]);
    audit = openMetastoreAudit(lab, 'target');
    zombies = services.processes.slice(2);
    const common = { source: 'source', targets: ['target'], proof: 'rows', execute: true };
    const operation = await services.api.createMigration({ ...common, selection: { databases: [DATABASE] }, strategy: 'SCHEMA_ONLY' });
    const sql = { strategy: 'SQL', transactionalTables: 'migrate' };
    const byRows = await services.api.createMigration({ ...common, selection: { databases: [ROWS_DATABASE] }, ...sql });
    const exported = { selection: { databases: [EXPORTS_DATABASE] }, strategy: 'EXPORT_IMPORT' };
    const byExport = await services.api.createMigration({ ...common, ...exported });
    await until(() => sprung.length === ALL_TABLES.length, { state: () => sprung, patienceMs: 600_000 });
    for (const zombie of zombies) zombie.signal('SIGSTOP');
    for (const side of ['source', 'target']) await services.add({ name: 'executor', environment: { FERRY_CLUSTER: side } });
    for (const each of [operation, byRows, byExport]) await services.api.waitFor(each, 300_000);
    facts = await factsOf(services);
    own.watch = (chunk) => {
      late.push(chunk);
      return undefined;
    };
    released.resolve(undefined);
    for (const zombie of zombies) zombie.signal('SIGCONT');
    const givenUp = (): readonly string[] => tablesGivenUp(zombies);
    await until(() => ALL_TABLES.every((table) => givenUp().includes(table)), { state: givenUp });
    // They say what they still have to say, and their sessions of Hive end with them.
    await Promise.all(zombies.map((zombie) => zombie.stop()));
    tables = await services.api.tables(operation.runId);
    rowsTables = await services.api.tables(byRows.runId);
    exportedTables = await services.api.tables(byExport.runId);
    // More than all that is waited for above.
  }, 1_800_000);

  afterAll(async () => {
    await services.close();
    await Promise.all(relays.map((relay) => relay.close()));
    for (const name of DATABASES) await dropDatabase(services.lab, sides, name);
    await Promise.all(sides.map((side) => side.close()));
    await database.drop();
    await postgres.stop();
  });

  it('were caught before a CREATE, an INSERT, an EXPORT, an IMPORT and both kinds of RENAME, inside a transfer, a CREATE, an INSERT, an EXPORT, a RENAME and a count, and inside adding partitions', () => {
    expect(sprung.toSorted()).toEqual(ALL_TABLES);
  });

  it('do not hold up the runs: every table is VERIFIED to its rows by the others', () => {
    const verified = [...tables, ...rowsTables, ...exportedTables].map(({ source, state, evidence }) => [
      source.table,
      state,
      evidence?.level,
    ]);
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
    for (const side of sides) for (const table of ROWS_TABLES) expect(await rowsOf(side, ROWS_DATABASE, table)).toEqual(ROWS);
    const target = new Hdfs(services.lab.clusters.target.hdfs);
    expect((await target.names(`/data/${ROWS_DATABASE}`)).toSorted()).toEqual(PLAIN_TABLES);
    for (const table of PLAIN_TABLES) expect(await target.names(`/data/${ROWS_DATABASE}/${table}`)).toHaveLength(1);
    expect((await target.names(`/warehouse/managed/${ROWS_DATABASE}.db`)).toSorted()).toEqual(ACID_TABLES);
    expect(await leftOfAttempts(services, sides)).toEqual([]);
  });

  it('bring no row twice by a late EXPORT or IMPORT, and leave nothing of it on either cluster', async () => {
    expect([...audit.made(EXPORTS_DATABASE)].toSorted()).toEqual(EXPORTED_TABLES.map((table) => [table, 1]));
    expect(audit.dropped(EXPORTS_DATABASE)).toEqual([]);
    for (const side of sides) for (const table of EXPORTED_TABLES) expect(await rowsOf(side, EXPORTS_DATABASE, table)).toEqual(ROWS);
    const target = new Hdfs(services.lab.clusters.target.hdfs);
    expect((await target.names(`/data/${EXPORTS_DATABASE}`)).toSorted()).toEqual(EXPORTED_TABLES);
    const left = (): Promise<readonly unknown[]> => leftOfAttempts(services, sides);
    await until(async () => (await left()).length === 0, { state: left });
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

const rowsOf = (side: Sql, database: string, table: string): Promise<unknown> =>
  side.query(`select * from ${database}.${table} order by name`);

/** All that a report can change. */
async function factsOf(services: SupervisedServices): Promise<readonly unknown[]> {
  return [
    await services.rows('select id, state, fence, result, ended_at from step order by id'),
    await services.rows('select step_id, fence, owner, outcome, ended_at from step_attempt order by step_id, fence'),
    await services.rows('select to_jsonb(e) as row from evidence e order by to_jsonb(e)::text'),
    await services.rows('select to_jsonb(m) as row from measurement m order by to_jsonb(m)::text'),
  ];
}

/** Of the steps whose lease they lost. */
function tablesGivenUp(processes: readonly SupervisedProcess[]): readonly string[] {
  const lines = processes.flatMap(({ logFile }) => readFileSync(logFile, 'utf8').split('\n'));
  const lost = lines.filter((line) => line.includes('"the lease of a step was lost: another executor may have it"'));
  return [...new Set(lost.flatMap((line) => /"table":"[^".]+\.([^"]+)"/.exec(line)?.[1] ?? []))].toSorted();
}

/** Tables and directories of attempts to move rows, which bear the ids of their steps. */
async function leftOfAttempts(services: SupervisedServices, sides: readonly Sql[]): Promise<readonly unknown[]> {
  const steps = await services.rows<{ readonly id: string }>(
    `select replace(id::text, '-', '') as id from step where kind in ('transfer-rows', 'insert-rows', 'export-table', 'import-table')`,
  );
  const found: (string | null)[] = [];
  for (const side of sides)
    for (const [database = null] of await side.query(`show databases like 'hiveferry_*'`))
      found.push(...(await side.query(`show tables in ${database ?? ''}`)).flat());
  found.push(...(await new Hdfs(services.lab.clusters.source.hdfs).names('/warehouse/external')));
  found.push(...(await new Hdfs(services.lab.clusters.target.hdfs).names('/warehouse/managed/hiveferry_preflight.db')));
  return found.filter((name) => steps.some(({ id }) => name?.includes(id)));
}
