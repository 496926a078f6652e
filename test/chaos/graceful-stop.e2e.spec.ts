/** An executor that is told to stop ends its DistCp and gives its steps back at once: nobody waits for its leases. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import type { Operation } from '../../scripts/support/api-client.ts';
import { countDistCpLaunches } from '../support/distcp-launches.ts';
import type { DistCpLaunches, Launch } from '../support/distcp-launches.ts';
import { Hdfs } from '../support/hdfs.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedServices } from '../support/supervised-services.ts';
import { until } from '../support/until.ts';

const DATABASE = 'chaos_stop';
const TABLES = ['t1', 't2'];
const FILE_BYTES = 8_000_000;
/** Far longer than the test waits for anything. */
const LEASE_SECONDS = 600;

let launches: DistCpLaunches;
let services: SupervisedServices;
let sides: readonly (Sql & { close(): Promise<void> })[];
let operation: Operation;

beforeAll(async () => {
  const lab = readLab();
  launches = countDistCpLaunches(lab.clusters.target.hadoop.command);
  const executor = (cluster: string) => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } }) as const;
  services = await startSupervised({
    specs: [{ name: 'api' }, { name: 'planner' }, executor('source'), executor('target')],
    environment: { FERRY_LEASE_SECONDS: String(LEASE_SECONDS) },
    cluster: (cluster) => (cluster.name === 'target' ? { ...cluster, hadoop: { command: launches.command } } : cluster),
  });
  sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
  await dropDatabase(lab, sides, DATABASE);
  await createSource(services, sides[0]);
  operation = await services.api.createMigration({
    source: 'source',
    targets: ['target'],
    selection: { databases: [DATABASE] },
    strategy: 'SCHEMA_ONLY',
    proof: 'checksum',
    execute: true,
    distcp: { bandwidthMbPerMapper: 1 },
  });
}, 240_000);

afterAll(async () => {
  await services.close();
  await dropDatabase(services.lab, sides, DATABASE);
  await Promise.all(sides.map((side) => side.close()));
  launches.remove();
});

it('leaves no DistCp and no claim behind when it ends', async () => {
  const alive = (): readonly Launch[] => launches.all().filter((each) => launches.isAlive(each));
  await until(() => alive().length === TABLES.length);
  // Far enough to be in the middle of the copy.
  await sleep(2_000);
  const target = services.processes[3];
  await target?.stop();
  expect(alive()).toEqual([]);
  expect(await services.rows(`select state, tries from step_now where kind = 'copy'`)).toEqual(
    TABLES.map(() => ({ state: 'READY', tries: 0 })),
  );
  expect(readFileSync(target?.logFile ?? '', 'utf8')).not.toContain('LEASE_LOST');
});

it('lets the next one go on at once, long before a lease is over', async () => {
  await services.processes[3]?.start();
  const done = await services.api.waitFor(operation, 120_000);
  expect(done.error).toBeFalsy();
  expect((await services.api.tables(operation.runId)).map(({ source, state }) => [source.table, state])).toEqual(
    TABLES.map((table) => [table, 'VERIFIED']),
  );
  expect(launches.all().filter(({ aliveAtStart }) => aliveAtStart.length > 0)).toEqual([]);
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
