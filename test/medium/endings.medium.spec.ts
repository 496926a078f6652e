/** What an executor that is dead began goes on outside: nobody else may write there before it has ended, whatever became of its run. */
import { MigrationError, TRANSFER_DATABASE, attemptName, attemptTables, stemOf } from '@hiveferry/core';
import type { InsertMove, Location, RunState, TablePlan } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { anExecutingRun, aPlan, aPlannedRun, claim, connectionOf, location, openTestStores, setLeases } from '../support/stores.ts';
import type { ExecutingRun, TestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const SWEEP = { maxTries: 2, announceAfterMs: 60_000 };
const copied = (table: string): TablePlan =>
  aPlan(table, {
    copyJobs: [
      {
        id: 'copy-1',
        kind: 'pair',
        source: location(`hdfs://left:8020/s/${table}`),
        target: location(`hdfs://right:8020/t/${table}`),
        excluded: [],
      },
    ],
  });

let stores: TestStores;
let right: FakeCluster;
let ferry: INestApplicationContext | undefined;
/** YARN does not answer; then it does. */
let isDown: boolean;
let endings: string[];

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  for (const name of ['left', 'right']) await stores.runs.putCluster(name, connectionOf(name), {});
  right = fakeCluster(connectionOf('right', 4), { databases: [] });
  isDown = true;
  endings = [];
  right.onEndCopy = async ({ stepId, subject }) => {
    endings.push(stepId);
    if (!isDown) return;
    const facts = { category: 'environment', retry: 'later', subject } as const;
    throw new MigrationError('YARN_NOT_ASKED', 'the ResourceManager does not answer', facts);
  };
});
afterEach(async () => {
  await ferry?.close();
  ferry = undefined;
  await stores.drop();
});

/** Its copy runs, and its executor is dead. */
async function aRunLeftCopying(table = 't'): Promise<ExecutingRun & { readonly copy: ClaimedStep }> {
  const run = await anExecutingRun(stores, [copied(table)]);
  for (let steps = await claim(stores); steps.length > 0; steps = await claim(stores)) {
    const copy = steps.find(({ kind }) => kind === 'copy');
    if (copy !== undefined) {
      await expire(copy);
      return { ...run, copy };
    }
    for (const step of steps) await stores.steps.complete(step, { result: {} });
  }
  throw new Error('no copy was claimed');
}

/** Its executor is not known to be dead yet: nobody else takes the copy. */
async function keep({ stepId }: ClaimedStep): Promise<void> {
  await setLeases(stores, [stepId], 3_600_000);
}

async function expire({ stepId }: ClaimedStep): Promise<void> {
  await setLeases(stores, [stepId], -1_000);
}

/** Another run, for the same directory, is executed: what becomes of its table, or what refused it. */
async function another(): Promise<string | undefined> {
  const { runId } = await anExecutingRun(stores, [copied('t')]);
  return (await stores.runs.table(runId, 'right', { database: 'sales', table: 't' }))?.failure?.code;
}

/** Rows that the source writes once more for the target. */
function rowMove(): InsertMove & Required<Pick<InsertMove, 'transfer'>> {
  const shadow = aTable('t');
  const holder = location('hdfs://left:8020/warehouse/external');
  return {
    transfer: { table: { ...shadow, database: TRANSFER_DATABASE }, holder },
    shadow,
    working: { table: shadow, holder },
    destination: holder,
  };
}

/** Claimed, after rows were written. */
async function cleanUpOf({ runId }: ExecutingRun): Promise<ClaimedStep> {
  for (let steps = await claim(stores); steps.length > 0; steps = await claim(stores)) {
    const found = steps.find(({ kind }) => kind === 'clean-up');
    if (found !== undefined) return found;
    for (const step of steps) await stores.steps.complete(step, { result: {} });
  }
  throw new Error(`there is no clean-up in ${runId}`);
}

/** The source wrote the rows, and said so. */
async function transferred(
  run: ExecutingRun,
  left: FakeCluster,
  rows: InsertMove,
): Promise<{ readonly table: string; readonly directory: Location }> {
  for (let steps = await claim(stores); steps.length > 0; steps = await claim(stores)) {
    for (const step of steps) {
      const attempt = attemptName(step.stepId, step.fence);
      const { transfer } = attemptTables(rows, attempt);
      const directory = location(transfer?.storage.location ?? '');
      await stores.steps.complete(step, { result: { stem: stemOf(step.stepId), attempt, location: directory } });
      if (step.kind !== 'transfer-rows' || transfer === undefined) continue;
      left.metastore.putTable({ table: transfer, partitions: [] });
      await left.files.makeDirectory(directory);
      return { table: transfer.name, directory };
    }
  }
  throw new Error(`nothing was transferred in ${run.runId}`);
}

const start = async (): Promise<void> => {
  ferry = await startFerry(stores, fakeGateway([fakeCluster(connectionOf('left'), { databases: [] }), right]), { endingsEveryMs: 50 });
};

const hasClaims = async ({ runId }: ExecutingRun): Promise<boolean> =>
  (await stores.rows(`select from location_claim where run_id = $1`, [runId])).length > 0;
const stateOf = async ({ runId }: ExecutingRun): Promise<RunState | undefined> => (await stores.runs.run(runId))?.state;
const copyOf = async ({
  copy,
}: {
  readonly copy: ClaimedStep;
}): Promise<{ readonly state: string; readonly code: string | null } | undefined> =>
  (
    await stores.rows<{ state: string; code: string | null }>(`select state, failure ->> 'code' as code from step where id = $1`, [
      copy.stepId,
    ])
  )[0];

describe.each([
  ['before its lease ended', false],
  ['after its lease ended, when it waits to be tried again', true],
])('the copy of a dead executor in a run that is cancelled %s', (_title, isSweptBefore) => {
  it('keeps its directory until an executor of the cluster has ended it', async () => {
    const run = await aRunLeftCopying();
    if (isSweptBefore) await stores.steps.sweep(SWEEP);
    await stores.runs.cancelRun(run.runId);
    await stores.steps.sweep(SWEEP);
    expect([await stateOf(run), (await copyOf(run))?.state]).toEqual(['CANCELLING', 'ENDING']);
    expect(await another()).toBe('TABLE_CLAIMED');
    await start();
    await until(async () => (await copyOf(run))?.code === 'YARN_NOT_ASKED');
    expect([await stateOf(run), await hasClaims(run)]).toEqual(['CANCELLING', true]);
    isDown = false;
    await until(async () => (await stateOf(run)) === 'CANCELLED');
    await ferry?.close();
    expect(new Set(endings)).toEqual(new Set([run.copy.stepId]));
    expect(await another()).toBeUndefined();
  });
});

it('an ending that does not come back holds up no other one of its cluster', async () => {
  isDown = false;
  const [stuck, other] = [await aRunLeftCopying('t'), await aRunLeftCopying('u')];
  const answered = Promise.withResolvers<string>();
  right.onEndCopy = async ({ stepId }) => {
    endings.push(stepId);
    if (stepId === stuck.copy.stepId) await answered.promise;
  };
  await keep(other.copy);
  await stores.runs.cancelRun(stuck.runId);
  await stores.steps.sweep(SWEEP);
  await start();
  await until(async () => endings.includes(stuck.copy.stepId));
  await stores.runs.cancelRun(other.runId);
  await expire(other.copy);
  await stores.steps.sweep(SWEEP);
  await until(async () => (await stateOf(other)) === 'CANCELLED');
  expect(await stateOf(stuck)).toBe('CANCELLING');
  answered.resolve('YARN answers');
  await until(async () => (await stateOf(stuck)) === 'CANCELLED');
});

it('a table whose last try died fails when its copy was ended, and the run with it', async () => {
  const run = await aRunLeftCopying();
  await stores.steps.sweep({ ...SWEEP, maxTries: 1 });
  expect([await stateOf(run), (await copyOf(run))?.state]).toEqual(['EXECUTING', 'ENDING']);
  isDown = false;
  await start();
  await until(async () => (await stateOf(run)) === 'INCOMPLETE');
  const table = await stores.runs.table(run.runId, 'right', { database: 'sales', table: 't' });
  expect([table?.state, table?.failure?.code, (await copyOf(run))?.state]).toEqual(['FAILED', 'LEASE_EXPIRED', 'FAILED']);
});

it('a copy that tells that its job may go on is ended before it is given up', async () => {
  const run = await aRunLeftCopying();
  await stores.steps.sweep(SWEEP);
  right.onCopy = () => {
    const detail = { mayRun: true };
    throw new MigrationError('YARN_APPLICATION_NOT_ENDED', 'still there', {
      category: 'environment',
      retry: 'operator',
      subject: 't',
      detail,
    });
  };
  await start();
  await until(async () => endings.length > 0);
  expect([await stateOf(run), (await copyOf(run))?.state]).toEqual(['EXECUTING', 'ENDING']);
  isDown = false;
  await until(async () => (await stateOf(run)) === 'INCOMPLETE');
});

it('an ending whose executor died as well is taken by the next', async () => {
  const run = await aRunLeftCopying();
  await stores.runs.cancelRun(run.runId);
  await stores.steps.sweep(SWEEP);
  const [mine] = await stores.steps.claimEndings({ owner: 'dead', limit: 1, taken: {}, leaseMs: 30_000 });
  expect(mine?.stepId).toBe(run.copy.stepId);
  const asked = { owner: 'next', limit: 1, leaseMs: 30_000 };
  expect(await stores.steps.claimEndings({ ...asked, taken: {} })).toEqual([]);
  await expire(run.copy);
  expect(await stores.steps.claimEndings({ ...asked, taken: { right: asked.limit } })).toEqual([]);
  const [next] = await stores.steps.claimEndings({ ...asked, taken: {} });
  await expect(stores.steps.ended(mine ?? run.copy)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  await stores.steps.ended(next ?? run.copy);
  expect(await stateOf(run)).toBe('CANCELLED');
});

it('a run that is cancelled between the transfer of rows and their insert leaves nothing of them', async () => {
  const rows = rowMove();
  const run = await anExecutingRun(stores, [aPlan('t', { rows })]);
  const left = fakeCluster(connectionOf('left'), { databases: [{ name: TRANSFER_DATABASE, parameters: {} }] });
  const written = await transferred(run, left, rows);
  await stores.runs.cancelRun(run.runId);
  expect(await stateOf(run)).toBe('CANCELLING');
  ferry = await startFerry(stores, fakeGateway([left, right]), { endingsEveryMs: 50 });
  await until(async () => (await stateOf(run)) === 'CANCELLED');
  expect(left.statements.filter((sql) => sql.startsWith('DROP TABLE'))).toEqual([expect.stringContaining(written.table)]);
  expect(await left.files.status(written.directory)).toBeUndefined();
  expect(right.statements).toEqual([]);
});

it('a clean-up that is stopped by the cancellation of its run is done by the next', async () => {
  const run = await anExecutingRun(stores, [aPlan('t', { rows: rowMove() })]);
  const cleaning = await cleanUpOf(run);
  await stores.runs.cancelRun(run.runId);
  await stores.steps.cancelled(cleaning);
  const endings = await stores.steps.claimEndings({ owner: 'b', limit: 4, leaseMs: 30_000, taken: {} });
  expect(endings.map(({ stepId }) => stepId)).toContain(cleaning.stepId);
});

it('a run that was only planned has nothing to end', async () => {
  const run = await aPlannedRun(stores, [copied('t')]);
  await stores.runs.cancelRun(run.runId);
  expect(await stateOf(run)).toBe('CANCELLED');
});
