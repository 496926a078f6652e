/** An executor dies in a DistCp that would go on for long, and another one, with folders of its own, takes over: it must not meet the first job. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { countDistCpLaunches } from '../support/distcp-launches.ts';
import type { DistCpLaunches } from '../support/distcp-launches.ts';
import { Hdfs } from '../support/hdfs.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedServices } from '../support/supervised-services.ts';
import { until } from '../support/until.ts';

const DATABASE = 'chaos_standby';
/** Longer than a lease, the start of a process and all that a busy machine adds. */
const SLOW_SECONDS = 240;

let launches: DistCpLaunches;
let services: SupervisedServices;
let sides: readonly (Sql & { close(): Promise<void> })[];

beforeAll(async () => {
  const lab = readLab();
  launches = countDistCpLaunches(lab.clusters.target.hadoop.command);
  launches.slowDown(SLOW_SECONDS);
  const executor = (cluster: string) => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } }) as const;
  services = await startSupervised({
    specs: [{ name: 'api' }, { name: 'planner' }, executor('source'), executor('target')],
    cluster: (cluster) => (cluster.name === 'target' ? { ...cluster, hadoop: { command: launches.command } } : cluster),
  });
  sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
  await dropDatabase(lab, sides, DATABASE);
  await sides[0]?.execute(`create database ${DATABASE}`);
  await sides[0]?.execute(
    `create external table ${DATABASE}.t (name string, n int) row format delimited fields terminated by ',' ` +
      `stored as textfile location '${lab.clusters.source.hdfs.namespace}/data/${DATABASE}/t'`,
  );
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/t/a.txt`, 'a,1\n');
}, 240_000);

afterAll(async () => {
  await services.close();
  await dropDatabase(services.lab, sides, DATABASE);
  await Promise.all(sides.map((side) => side.close()));
  launches.remove();
});

it('starts its own DistCp when the other one has ended with the claim of the dead, and the run ends VERIFIED', async () => {
  const operation = await services.api.createMigration({
    source: 'source',
    targets: ['target'],
    selection: { databases: [DATABASE] },
    strategy: 'SCHEMA_ONLY',
    proof: 'checksum',
    execute: true,
  });
  await until(() => launches.all().length > 0);
  launches.slowDown(0);
  await services.processes[3]?.kill();
  await services.add({ name: 'executor', environment: { FERRY_CLUSTER: 'target' } });
  expect((await services.api.waitFor(operation, 180_000)).error).toBeFalsy();
  expect((await services.api.tables(operation.runId)).map(({ state }) => state)).toEqual(['VERIFIED']);
  expect(launches.all().map(({ aliveAtStart }) => aliveAtStart)).toEqual([[], []]);
}, 300_000);
