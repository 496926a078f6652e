/** DistCp on a real YARN: its jobs outlive the executor that began them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import type { Operation } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { startOwnYarn } from '../support/own-yarn.ts';
import type { OwnYarn, YarnApplication } from '../support/own-yarn.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';
import { startSupervised } from '../support/supervised-services.ts';
import type { SupervisedProcess, SupervisedServices } from '../support/supervised-services.ts';

const DATABASE = 'yarn_endings';
/** At 2 MB/s it is far from done when its executor dies. */
const BYTES = 40_000_000;

let yarn: OwnYarn;
let services: SupervisedServices;
/** The one at the target that is alive. */
let executor: SupervisedProcess | undefined;
let sides: readonly (Sql & { close(): Promise<void> })[];

beforeAll(async () => {
  const lab = readLab();
  yarn = await startOwnYarn(lab, 'target');
  services = await startSupervised({
    specs: [{ name: 'api' }, { name: 'planner' }, executorAt('source'), executorAt('target')],
    cluster: (cluster) => (cluster.name === 'target' ? { ...cluster, hadoop: { command: yarn.command } } : cluster),
  });
  executor = services.processes.at(-1);
  sides = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
  await dropDatabase(lab, sides, DATABASE);
  await sides[0]?.execute(`create database ${DATABASE}`);
  await sides[0]?.execute(
    `create external table ${DATABASE}.t (name string, n int) row format delimited fields terminated by ',' ` +
      `stored as textfile location '${lab.clusters.source.hdfs.namespace}/data/${DATABASE}/t'`,
  );
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/t/a.txt`, 'a,1\n'.repeat(BYTES / 4));
}, 240_000);

afterAll(async () => {
  await services.close();
  await dropDatabase(services.lab, sides, DATABASE);
  await Promise.all(sides.map((side) => side.close()));
  await yarn.close();
});

it('a run that is cancelled while the job of a dead executor goes on keeps its directory until the job was ended', async () => {
  const before = (await yarn.applications()).map(({ applicationTags }) => applicationTags);
  const first = await migrate();
  await until('a job runs on YARN', async () => (await running()).length > 0);
  await executor?.kill();
  await services.api.command(first.runId, 'cancel');
  await until('its step is to be ended', async () => (await statesOf(first)).includes('ENDING'));
  expect([(await running()).length, (await services.api.run(first.runId)).state, await claims(first)]).toEqual([1, 'CANCELLING', 1]);
  executor = await services.add(executorAt('target'));
  await until('the run is CANCELLED', async () => (await services.api.run(first.runId)).state === 'CANCELLED');
  const ended = (await yarn.applications()).filter(({ applicationTags }) => !before.includes(applicationTags));
  expect(ended.map(({ state }) => state)).toEqual(['KILLED']);
  expect([await claims(first), await statesOf(first)]).toEqual([0, expect.not.arrayContaining(['ENDING', 'RUNNING'])]);
}, 300_000);

it('a job whose executor died is waited for by the next one, which copies what is missing', async () => {
  const before = (await yarn.applications()).length;
  const second = await migrate();
  await until('a job runs on YARN', async () => (await running()).length > 0);
  await executor?.kill();
  executor = await services.add(executorAt('target'));
  expect((await services.api.waitFor(second, 240_000)).error).toBeFalsy();
  expect((await services.api.tables(second.runId)).map(({ state }) => state)).toEqual(['VERIFIED']);
  const own = (await yarn.applications()).toSorted((one, other) => one.id.localeCompare(other.id)).slice(before);
  expect(own.map(({ state }) => state)).toEqual(['FINISHED', 'FINISHED']);
}, 300_000);

const executorAt = (cluster: string) => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } }) as const;

const migrate = async (): Promise<Operation> =>
  await services.api.createMigration({
    source: 'source',
    targets: ['target'],
    selection: { databases: [DATABASE] },
    strategy: 'SCHEMA_ONLY',
    proof: 'checksum',
    distcp: { bandwidthMbPerMapper: 2 },
    execute: true,
  });

const running = async (): Promise<readonly YarnApplication[]> => (await yarn.applications()).filter(({ state }) => state === 'RUNNING');

async function statesOf({ runId }: Operation): Promise<readonly string[]> {
  return (await services.rows<{ state: string }>(`select state from step where run_id = '${runId}'`)).map(({ state }) => state);
}

async function claims({ runId }: Operation): Promise<number> {
  return (await services.rows(`select from location_claim where run_id = '${runId}'`)).length;
}

async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`it did not come to that within two minutes: ${what}`);
    await sleep(200);
  }
}
