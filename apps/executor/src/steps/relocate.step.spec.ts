import { planTable, stepsOf } from '@hiveferry/core';
import type { FileFact, Measurement, Partition, Table, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { aTable, fakeCluster } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { copy } from './copy.step.ts';
import { preflight } from './preflight.step.ts';
import { relocate } from './relocate.step.ts';
import type { StepContext } from './step-handler.ts';

const NAME = { database: 'sales', table: 'days' };
const OLD = location('hdfs://left:8020/data/days');
const NEW = location('hdfs://left:8020/new/days');

const days = aTable('days', { partitionKeys: [{ name: 'd', type: 'string' }] });
const table: Table = { ...days, storage: { ...days.storage, location: OLD } };
const partitions: readonly Partition[] = ['a', 'b'].map((d) => ({
  values: [d],
  storage: { ...days.storage, location: `${OLD}/d=${d}` },
  parameters: {},
}));

let cluster: FakeCluster;
let plan: TablePlan;
let measured: { source?: Measurement; target?: Measurement };

beforeEach(async () => {
  cluster = fakeCluster(connectionOf('left', 4), { databases: [{ name: 'sales', parameters: {} }], tables: [{ table, partitions }] });
  cluster.onStatement = setLocationOfTable;
  plan = planTable({
    source: { table, partitions },
    neighbours: [],
    clusters: { source: cluster.facts, target: cluster.facts },
    settings: {
      strategy: 'STORAGE_MIGRATION',
      proof: 'rows',
      locationMap: [{ from: location('hdfs://left:8020/data'), to: location('hdfs://left:8020/new') }],
      allowedHazards: [],
      databasePrefix: '',
      distcp: {},
    },
  });
  cluster.files.putFile(location(`${OLD}/d=a/1`), 5, 1);
  measured = { source: measurementOf('x'), target: measurementOf('x') };
});

/** What Hive does for the one statement of the table; partitions go through the metastore. */
async function setLocationOfTable(sql: string): Promise<void> {
  const to = /SET LOCATION '([^']+)'$/.exec(sql)?.[1];
  if (to === undefined) return;
  const { table: standing, partitions: there } = await standingTable();
  cluster.metastore.putTable({ table: { ...standing, storage: { ...standing.storage, location: to } }, partitions: there });
}

function measurementOf(checksum: string): Measurement {
  const file: FileFact = { root: 'copy-1', path: 'd=a/1', sizeBytes: 5, modifiedAtMs: 1, checksum: { algorithm: 'CRC', value: checksum } };
  return { measuredAt: '', files: [file], rows: '3' };
}

async function standingTable(): Promise<{ readonly table: Table; readonly partitions: readonly Partition[] }> {
  const [standing = table] = await cluster.metastore.tables(NAME.database, [NAME.table]);
  const found: Partition[] = [];
  for await (const page of cluster.metastore.partitions(NAME.database, NAME.table)) found.push(...page);
  return { table: standing, partitions: found };
}

async function places(): Promise<readonly (string | undefined)[]> {
  const { table: standing, partitions: there } = await standingTable();
  return [standing, ...there].map(({ storage }) => storage.location);
}

function contextOf(payload: ClaimedStep['payload']): StepContext {
  const step: Partial<ClaimedStep> = { stepId: 'one', fence: '1', kind: payload.kind, payload, runId: 'run', target: 'left', ...NAME };
  const store: Partial<StepStore> = {
    plan: () => Promise.resolve({ plan, tableHash: '' }),
    measurements: () => Promise.resolve(measured),
  };
  // Only what the steps ask of it.
  const context: Partial<StepContext> = {
    step: { ...step, spec: { distcp: {}, allowedHazards: ['IN_PLACE_REFRESH'] as readonly string[] } } as ClaimedStep,
    source: cluster,
    target: cluster,
    store: store as StepStore,
    renew: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  return context as StepContext;
}

const run = () => relocate(contextOf({ kind: 'relocate' }));
const OLD_PLACES = [OLD, `${OLD}/d=a`, `${OLD}/d=b`];
const NEW_PLACES = [NEW, `${NEW}/d=a`, `${NEW}/d=b`];

describe('the step that points a table at its copied files', () => {
  it('moves all partitions and the table', async () => {
    expect(await run()).toEqual({ result: { partitions: 2, statements: 1 } });
    expect(await places()).toEqual(NEW_PLACES);
  });

  it('has its partitions there before the table is told', async () => {
    let before: readonly unknown[] = [];
    cluster.onStatement = async () => void (before = await places());
    await expect(run()).rejects.toMatchObject({ code: 'READ_BACK_DIFFERS' });
    expect(before).toEqual([OLD, ...NEW_PLACES.slice(1)]);
  });

  it('says nothing the second time', async () => {
    await run();
    cluster.statements.length = 0;
    expect(await run()).toEqual({ result: { partitions: 0, statements: 0 } });
    expect(cluster.statements).toEqual([]);
  });

  it('goes on where an attempt stopped', async () => {
    await cluster.metastore.movePartitions({ ...NAME, moves: [{ name: 'd=a', from: location(`${OLD}/d=a`), to: location(`${NEW}/d=a`) }] });
    expect(await run()).toEqual({ result: { partitions: 1, statements: 1 } });
    expect(await places()).toEqual(NEW_PLACES);
  });

  it('leaves the table where it is when a file of the copy differs, and says which', async () => {
    measured = { ...measured, target: measurementOf('y') };
    expect(await run()).toMatchObject({ result: { skipped: 'files differ: CHECKSUM_DIFFERS sales.days: copy-1/d=a/1' } });
    expect(await places()).toEqual(OLD_PLACES);
  });

  it('leaves the table where it is when somebody wrote to it since', async () => {
    cluster.files.putFile(location(`${OLD}/d=a/2`), 1, 2);
    expect(await run()).toMatchObject({ result: { skipped: expect.stringContaining('were written since they were compared: copy-1') } });
    expect(await places()).toEqual(OLD_PLACES);
  });

  it('does not bring a table back that went on to a third place meanwhile', async () => {
    const further = { ...table, storage: { ...table.storage, location: 'hdfs://left:8020/third/days' } };
    cluster.metastore.putTable({ table: further, partitions });
    await expect(run()).rejects.toMatchObject({ code: 'TABLE_CHANGED', message: expect.stringContaining('LOCATION_DIFFERS') });
    expect(await places()).toEqual(['hdfs://left:8020/third/days', ...OLD_PLACES.slice(1)]);
  });
});

it('copies nothing over files that the table uses already', async () => {
  await cluster.metastore.movePartitions({ ...NAME, moves: [{ name: 'd=a', from: location(`${OLD}/d=a`), to: location(`${NEW}/d=a`) }] });
  const [job] = plan.copyJobs;
  if (job === undefined) throw new Error('the plan copies nothing');
  expect(await copy(contextOf({ kind: 'copy', job }))).toEqual({ result: { skipped: 'the table lies there already' } });
  expect(cluster.copies).toEqual([]);
});

it('lets no copy begin into files of others, though the request may refresh', async () => {
  const payload = stepsOf(plan).find(({ kind }) => kind === 'preflight')?.payload;
  if (payload === undefined) throw new Error('the plan looks at nothing before it copies');
  cluster.files.putFile(location(`${NEW}/d=a/1`), 6, 1);
  await expect(preflight(contextOf(payload))).rejects.toMatchObject({
    code: 'TARGET_NOT_EMPTY',
    message: expect.not.stringContaining('IN_PLACE_REFRESH') as string,
  });
});
