/**
 * In the middle of one run Postgres is restarted, both metastores are away, and the broker is killed and started again. Copies are throttled, so that a
 * quick machine does not finish them before. What lasts as long as the machine likes comes where nothing can run out: without Postgres no step ends, and
 * after the broker nothing more is to come.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '@hiveferry/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { countDistCpLaunches } from '../support/distcp-launches.ts';
import type { DistCpLaunches } from '../support/distcp-launches.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openMetastoreAudit } from '../support/metastore-audit.ts';
import type { MetastoreAudit } from '../support/metastore-audit.ts';
import { startOwnKafka } from '../support/own-kafka.ts';
import type { OwnKafka } from '../support/own-kafka.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedServices } from '../support/supervised-services.ts';
import { openWatchedRelay } from '../support/watched-relay.ts';
import type { WatchedRelay } from '../support/watched-relay.ts';

const DATABASE = 'chaos_outages';
const TABLES = Array.from({ length: 12 }, (_, index) => `t${String(index + 1)}`);
/** One mapper at 1 MB/s: two executors with one place each need 24 s and the start of twelve JVMs. */
const FILE_BYTES = 4_000_000;
/** Longer than several tries of a step; in this time not more than six copies can end. */
const METASTORE_OUTAGE_MS = 12_000;

describe('outages in the middle of a run', () => {
  let folder: string;
  let launches: DistCpLaunches;
  let kafka: OwnKafka;
  let database: WatchedRelay;
  let metastores: Readonly<Record<'source' | 'target', WatchedRelay>>;
  let stopPostgres: () => Promise<void>;
  let services: SupervisedServices;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let audit: MetastoreAudit;
  let run: Run;
  let tables: readonly TableView[];
  /** How far the run was when each outage began. */
  const outages: { readonly what: string; readonly copied: number; readonly verified: number }[] = [];

  beforeAll(async () => {
    const lab = readLab();
    folder = mkdtempSync(join(tmpdir(), 'hiveferry-outages-'));
    // As root the embedded Postgres runs as another user, who must be able to pass through.
    chmodSync(folder, 0o755);
    launches = countDistCpLaunches(lab.clusters.target.hadoop.command);
    kafka = await startOwnKafka();
    const url = await startPostgres();
    const metastoreOf = async (side: 'source' | 'target'): Promise<WatchedRelay> =>
      await openWatchedRelay('127.0.0.1', Number(new URL(lab.clusters[side].metastoreUri).port));
    metastores = { source: await metastoreOf('source'), target: await metastoreOf('target') };
    const executor = (cluster: string) => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } }) as const;
    services = await startSupervised({
      specs: [{ name: 'api' }, { name: 'planner' }, executor('source'), executor('target'), executor('target')],
      environment: { FERRY_WORKERS_COPY: '1' },
      brokers: kafka.brokers,
      databaseUrl: url,
      cluster: (cluster) => ({
        ...cluster,
        metastore: { uri: `thrift://127.0.0.1:${String(metastores[cluster.name === 'source' ? 'source' : 'target'].port)}` },
        ...(cluster.name === 'target' && { hadoop: { command: launches.command } }),
      }),
    });
    sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await dropDatabase(lab, sides, DATABASE);
    await createSource(services, sides[0]);
    audit = openMetastoreAudit(lab, 'target');
    const operation = await services.api.createMigration({
      source: 'source',
      targets: ['target'],
      selection: { databases: [DATABASE] },
      strategy: 'SCHEMA_ONLY',
      proof: 'checksum',
      execute: true,
      distcp: { bandwidthMbPerMapper: 1 },
    });
    await afterCopies(1, 'Postgres', restartPostgres);
    await afterCopies(2, 'metastores', takeMetastoresAway);
    await afterCopies(2, 'broker', restartBroker);
    await services.api.waitFor(operation, 240_000);
    run = await services.api.run(operation.runId);
    tables = await services.api.tables(operation.runId);
  }, 600_000);

  afterAll(async () => {
    await services.close();
    await Promise.all([database, metastores.source, metastores.target].map((relay) => relay.close()));
    await kafka.close();
    await stopPostgres();
    await dropDatabase(services.lab, sides, DATABASE);
    await Promise.all(sides.map((side) => side.close()));
    launches.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns the address by the relay, which stays when the server gets another port */
  async function startPostgres(): Promise<string> {
    const postgres = await startEmbeddedPostgres(folder);
    stopPostgres = () => postgres.stop();
    const own = await createTestDatabase(postgres.url);
    database = await openWatchedRelay('127.0.0.1', postgres.port);
    const url = new URL(own.url);
    url.port = String(database.port);
    return url.href;
  }

  async function restartBroker(): Promise<void> {
    await kafka.kill();
    await sleep(5_000);
    await kafka.start();
  }

  async function restartPostgres(): Promise<void> {
    await stopPostgres();
    database.cut();
    await sleep(3_000);
    const postgres = await startEmbeddedPostgres(folder);
    stopPostgres = () => postgres.stop();
    database.restore(postgres.port);
  }

  async function takeMetastoresAway(): Promise<void> {
    for (const relay of Object.values(metastores)) relay.cut();
    await sleep(METASTORE_OUTAGE_MS);
    for (const relay of Object.values(metastores)) relay.restore();
  }

  async function afterCopies(copies: number, what: string, outage: () => Promise<void>): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const rows = await services.rows<{ kind: string; state: string; count: string }>(
        `select kind, state, count(*) as count from step group by 1, 2 order by 1, 2`,
      );
      const done = Number(rows.find(({ kind, state }) => kind === 'copy' && state === 'DONE')?.count ?? 0);
      const isCopying = rows.some(({ kind, state }) => kind === 'copy' && state === 'RUNNING');
      if (done >= copies && isCopying) {
        const [ended] = await services.rows<{ count: string }>(`select count(*) as count from run_table where state = 'VERIFIED'`);
        outages.push({ what, copied: done, verified: Number(ended?.count) });
        await outage();
        return;
      }
      if (Date.now() > deadline)
        throw new Error(`${String(copies)} copies were not done, or none ran, within two minutes: ${JSON.stringify(rows)}`);
      await sleep(50);
    }
  }

  it('came in the middle of the run', () => {
    expect(outages.map(({ what }) => what)).toEqual(['Postgres', 'metastores', 'broker']);
    expect(outages.filter(({ copied, verified }) => copied === TABLES.length || verified === TABLES.length)).toEqual([]);
  });

  it('end the run by itself, with every table VERIFIED', () => {
    const states = tables.map(({ source, state, failure, evidence }) => [source.table, state, failure?.message, evidence?.findings]);
    expect(states.toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 'VERIFIED', undefined, []]));
    expect(run.state).toBe('SUCCEEDED');
  });

  it('never gave a step two DistCp jobs at once, and made every table once', () => {
    expect(launches.all().filter(({ aliveAtStart }) => aliveAtStart.length > 0)).toEqual([]);
    expect([...audit.made(DATABASE)].toSorted()).toEqual(TABLES.toSorted().map((table) => [table, 1]));
    expect(audit.dropped(DATABASE)).toEqual([]);
  });

  it('ended no process', () => {
    expect(services.processes.filter((each) => each.hasEnded).map(({ name }) => name)).toEqual([]);
  });
});

async function createSource({ lab }: SupervisedServices, source: Sql | undefined): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    const location = `/data/${DATABASE}/${table}`;
    await source?.execute(
      `create external table ${DATABASE}.${table} (name string, n int) row format delimited fields terminated by ',' ` +
        `stored as textfile location '${lab.clusters.source.hdfs.namespace}${location}'`,
    );
    await hdfs.write(`${location}/a.txt`, 'a,1\n'.repeat(FILE_BYTES / 4));
  }
}
