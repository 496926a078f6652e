import { planTable, stepsOf } from '@hiveferry/core';
import type { Partition, Table, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { aTable, fakeCluster } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { convertLink } from './convert-link.step.ts';
import { preflight } from './preflight.step.ts';
import type { StepContext } from './step-handler.ts';

const NAME = { database: 'sales', table: 'days' };
const AT = 'hdfs://left:8020/warehouse/external/sales.db/days';
const OWN = 'hdfs://right:8020/warehouse/external/sales.db/days';
const SET_LOCATION = `ALTER TABLE \`sales\`.\`days\` SET LOCATION '${OWN}'`;
const days = aTable('days', { partitionKeys: [{ name: 'd', type: 'string' }] });

let source: FakeCluster;
let target: FakeCluster;
let plan: TablePlan;

const partitionsAt = (root: string, ...names: readonly string[]): readonly Partition[] =>
  names.map((day) => ({ values: [day], storage: { ...days.storage, location: `${root}/d=${day}` }, parameters: {} }));

function planOf(standing?: { readonly table: Table; readonly partitions: readonly Partition[] }): TablePlan {
  return planTable({
    source: { table: days, partitions: partitionsAt(AT, '1', '2') },
    ...(standing !== undefined && { target: standing.table, targetPartitions: standing.partitions }),
    neighbours: [],
    clusters: { source: source.facts, target: target.facts },
    settings: {
      strategy: standing === undefined ? 'LINKED' : 'CONVERT_LINKED',
      proof: 'rows',
      locationMap: [],
      allowedHazards: [],
      databasePrefix: '',
      distcp: {},
    },
  });
}

beforeEach(() => {
  const databases = [{ name: 'sales', parameters: {} }];
  source = fakeCluster(connectionOf('left', 3), { databases });
  target = fakeCluster(connectionOf('right', 4), { databases });
  const link = planOf();
  if (link.expected === undefined) throw new Error('the link is refused');
  const standing = { table: link.expected, partitions: partitionsAt(AT, '1', '2') };
  target.metastore.putTable(standing);
  plan = planOf(standing);
  for (const day of ['1', '2']) {
    source.files.putFile(location(`${AT}/d=${day}/a`), 10, 1);
    target.files.putFile(location(`${OWN}/d=${day}/a`), 10, 1);
  }
  target.onStatement = async (sql) => {
    if (sql === SET_LOCATION) await setTableLocation(OWN);
  };
});

async function standing(): Promise<{ readonly table: Table; readonly partitions: readonly Partition[] }> {
  const [table] = await target.metastore.tables('sales', ['days']);
  if (table === undefined) throw new Error('the table is gone');
  const partitions: Partition[] = [];
  for await (const batch of target.metastore.partitions('sales', 'days')) partitions.push(...batch);
  return { table, partitions };
}

async function setTableLocation(at: string): Promise<void> {
  const { table, partitions } = await standing();
  target.metastore.putTable({ table: { ...table, storage: { ...table.storage, location: at } }, partitions });
}

async function places(): Promise<readonly (string | undefined)[]> {
  const { table, partitions } = await standing();
  return [table, ...partitions].map(({ storage }) => storage.location);
}

function contextOf(kind: 'convert-link' | 'preflight', renew: () => Promise<void> = () => Promise.resolve()): StepContext {
  const payload = stepsOf(plan).find((step) => step.kind === kind)?.payload;
  const spec: Partial<ClaimedStep['spec']> = { allowedHazards: ['IN_PLACE_REFRESH'] };
  const step: Partial<ClaimedStep> = {
    stepId: 'one',
    fence: '1',
    kind,
    ...(payload && { payload }),
    spec: spec as ClaimedStep['spec'],
    ...NAME,
  };
  const store: Partial<StepStore> = { plan: () => Promise.resolve({ plan, tableHash: '' }) };
  // Only what the step asks of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    source,
    target,
    store: store as StepStore,
    signal: new AbortController().signal,
    renew,
  };
  return context as StepContext;
}

const LINKED = [AT, `${AT}/d=1`, `${AT}/d=2`];
const TURNED = [OWN, `${OWN}/d=1`, `${OWN}/d=2`];

describe('convert-link', () => {
  it('turns table and partitions, and finds it done the second time', async () => {
    expect(await convertLink(contextOf('convert-link'))).toEqual({ result: { table: true, partitions: 2 } });
    expect(await convertLink(contextOf('convert-link'))).toEqual({ result: { table: false, partitions: 0 } });
    expect([await places(), target.statements]).toEqual([TURNED, [SET_LOCATION]]);
  });

  it('goes on where an attempt ended that turned some partitions', async () => {
    await target.metastoreWriter.movePartitions({
      ...NAME,
      moves: [{ name: 'd=1', from: location(`${AT}/d=1`), to: location(`${OWN}/d=1`) }],
    });
    expect(await convertLink(contextOf('convert-link'))).toEqual({ result: { table: true, partitions: 1 } });
    expect(await places()).toEqual(TURNED);
  });

  it('does no harm when an attempt that was taken over goes on after the other', async () => {
    let isFirst = true;
    // The late one has looked, and is held up before its first change.
    const late = contextOf('convert-link', async () => {
      if (isFirst) {
        isFirst = false;
        await convertLink(contextOf('convert-link'));
      }
    });
    await convertLink(late);
    expect(await places()).toEqual(TURNED);
  });

  it('leaves alone what a late attempt finds somewhere else meanwhile', async () => {
    const elsewhere = 'hdfs://right:8020/moved';
    const late = contextOf('convert-link', async () => {
      target.metastore.putTable({ ...(await standing()), partitions: partitionsAt(elsewhere, '1', '2') });
    });
    await expect(convertLink(late)).rejects.toMatchObject({ code: 'TARGET_CHANGED', retry: 'operator' });
    expect((await places()).slice(1)).toEqual([`${elsewhere}/d=1`, `${elsewhere}/d=2`]);
  });

  it.each<[string, () => void]>([
    ['a file is missing', () => target.files.putFile(location(`${OWN}/d=2/a`), 9, 1)],
    ['the source wrote one more', () => source.files.putFile(location(`${AT}/d=2/b`), 1, 1)],
    ['another is there', () => target.files.putFile(location(`${OWN}/d=2/b`), 1, 1)],
  ])('changes nothing while the places differ: %s', async (_title, change) => {
    change();
    await expect(convertLink(contextOf('convert-link'))).rejects.toMatchObject({ code: 'FILES_DIFFER', retry: 'operator' });
    expect([await places(), target.statements]).toEqual([LINKED, []]);
  });

  const changes: readonly [string, () => Promise<void> | void][] = [
    ['is gone', () => target.metastore.dropTable(NAME)],
    ['lies elsewhere', () => setTableLocation('hdfs://left:8020/other')],
    [
      'has purge',
      async () => {
        const { table, partitions } = await standing();
        target.metastore.putTable({ table: { ...table, parameters: { ...table.parameters, 'external.table.purge': 'true' } }, partitions });
      },
    ],
    ['got another partition', async () => target.metastore.addPartitions({ ...NAME, partitions: partitionsAt(AT, '9') })],
  ];

  it.each(changes)('changes nothing, nor lets a copy begin, when the table %s since the plan', async (_title, change) => {
    await change();
    for (const [kind, run] of [
      ['preflight', preflight],
      ['convert-link', convertLink],
    ] as const)
      await expect(run(contextOf(kind))).rejects.toMatchObject({ code: 'TARGET_CHANGED', retry: 'operator' });
    expect(target.statements).toEqual([]);
  });

  it('lets no copy begin into files of others, though the request may refresh', async () => {
    target.files.putFile(location(`${OWN}/x`), 1, 1);
    await expect(preflight(contextOf('preflight'))).rejects.toMatchObject({
      code: 'TARGET_NOT_EMPTY',
      message: expect.not.stringContaining('IN_PLACE_REFRESH') as string,
    });
  });
});
