import { STEP_KINDS } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, location, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { databaseOf } from './sql.ts';
import { takeReadySteps } from './ready-claim.sql.ts';

const REQUEST = { owner: 'first', limit: 1, leaseMs: 60_000, kinds: ['copy'] } as const;

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

/** A run whose copies, one a table, are READY. */
async function readyCopies(tables: readonly string[]): Promise<void> {
  const plans = tables.map((table) => {
    const [source, target] = [location(`hdfs://left:8020/${table}`), location(`hdfs://right:8020/${table}`)];
    return aPlan(table, { copyJobs: [{ id: 'copy-1', kind: 'pair', source, target, excluded: [] }] });
  });
  await anExecutingRun(stores, plans);
  const kinds = STEP_KINDS.filter((kind) => kind !== 'copy');
  for (let steps = await claim(stores, { kinds }); steps.length > 0; steps = await claim(stores, { kinds }))
    for (const step of steps) await stores.steps.complete(step, { result: {} });
}

async function claimCopy(): Promise<ClaimedStep> {
  const [step] = await claim(stores, REQUEST);
  return step ?? expect.fail('no copy is READY');
}

describe('copies that run before another one', () => {
  it('count those that asked before it, also where its own claim is older and was committed later', async () => {
    await readyCopies(['a', 'b']);
    const written = Promise.withResolvers<undefined>();
    const isClaimed = Promise.withResolvers<ClaimedStep | undefined>();
    const late = databaseOf(stores.dataSource).transaction(async (sql) => {
      const [step] = (await takeReadySteps(sql, REQUEST)).steps;
      isClaimed.resolve(step);
      await written.promise;
    });
    const older = (await isClaimed.promise) ?? expect.fail('no copy is READY');
    const newer = await claimCopy();
    expect(await stores.steps.copiesBefore(newer)).toBe(0);
    written.resolve(undefined);
    await late;
    expect(await stores.steps.copiesBefore(older)).toBe(1);
  });

  it('are as many as asked before, when many ask at once', async () => {
    const tables = Array.from({ length: 12 }, (_, index) => `t${String(index)}`);
    await readyCopies(tables);
    const steps = await claim(stores, { ...REQUEST, limit: tables.length });
    const before = await Promise.all(steps.map((step) => stores.steps.copiesBefore(step)));
    expect(before.toSorted((a, b) => a - b)).toEqual(tables.map((_, index) => index));
  });

  it('are not those that were claimed and did not ask yet, or that have ended', async () => {
    await readyCopies(['a', 'b', 'c']);
    const [ended, silent, asking] = [await claimCopy(), await claimCopy(), await claimCopy()];
    expect(await stores.steps.copiesBefore(ended)).toBe(0);
    await stores.steps.complete(ended, { result: {} });
    expect(await stores.steps.copiesBefore(asking)).toBe(0);
    expect(await stores.steps.copiesBefore(silent)).toBe(1);
  });

  it('are of its run and its target only', async () => {
    await readyCopies(['a', 'b']);
    await readyCopies(['c']);
    const steps = await claim(stores, { ...REQUEST, limit: 3 });
    const [a, b, c] = steps.toSorted((one, other) => ((one.table ?? '') < (other.table ?? '') ? -1 : 1));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three copies were not claimed');
    expect([await stores.steps.copiesBefore(a), await stores.steps.copiesBefore(c)]).toEqual([0, 0]);
    // As a copy of the same run to another target.
    await stores.rows(`insert into run_target (run_id, target, position) values ($1, 'other', 1)`, [a.runId]);
    await stores.rows(`update step set target = 'other' where id = $1`, [a.stepId]);
    expect(await stores.steps.copiesBefore(b)).toBe(0);
  });

  it('stay the same for a copy that asks again', async () => {
    await readyCopies(['a', 'b']);
    const [first, second] = [await claimCopy(), await claimCopy()];
    const asked = [first, second, first].map((step) => () => stores.steps.copiesBefore(step));
    const before: number[] = [];
    for (const ask of asked) before.push(await ask());
    expect(before).toEqual([0, 1, 0]);
  });
});
