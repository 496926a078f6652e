import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Evidence } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());
beforeEach(async () => {
  await stores.rows(`truncate cluster, migration, outbox, inbox, dead_letter, run_event, idempotency_key, evidence, ready_step cascade`);
});

const failure = { code: 'BROKEN', message: 'it broke', retry: 'later' };
const states = async (runId: string): Promise<readonly string[]> =>
  (
    await stores.rows<{ line: string }>(
      `select database || '.' || table_name || ' ' || key || ' ' || state as line from step_now where run_id = $1 order by table_name, position`,
      [runId],
    )
  ).map(({ line }) => line);
const tableState = async (runId: string, table: string): Promise<string | undefined> =>
  (await stores.runs.table(runId, 'right', { database: 'sales', table }))?.state;
const evidenceOf = (step: ClaimedStep, verdict: Evidence['verdict']): Evidence => ({
  table: { database: 'sales', table: step.table ?? '' },
  target: { database: 'sales', table: step.table ?? '' },
  tableHash: 'x',
  verdict,
  askedLevel: 'metadata',
  findings: [],
  findingsOmitted: 0,
  counts: { partitions: 0, files: 0, bytes: 0, checksummedFiles: 0 },
  notCompared: [],
  verifiedAt: '',
});
const done = (step: ClaimedStep, verdict: Evidence['verdict'] = 'VERIFIED'): Promise<void> =>
  stores.steps.complete(step, { result: {}, ...(step.kind === 'verify' && { evidence: evidenceOf(step, verdict) }) });

/** Works until nothing is ready. */
async function workAll(work: (step: ClaimedStep) => Promise<void> = (step) => done(step)): Promise<void> {
  for (let steps = await claim(stores); steps.length > 0; steps = await claim(stores)) for (const step of steps) await work(step);
}

describe('claims', () => {
  it('have as many places for each link of a cluster to a target, less those that are taken', async () => {
    const plans = Array.from({ length: 5 }, (_, index) => aPlan(`t${String(index)}`));
    await anExecutingRun(stores, plans);
    for (const step of await claim(stores)) await done(step);
    const full = await claim(stores, { limit: 3, rooms: [{ cluster: 'right', target: 'right', taken: 3 }] });
    const some = await claim(stores, { limit: 3, rooms: [{ cluster: 'right', target: 'right', taken: 1 }] });
    const elsewhere = await claim(stores, { limit: 3, rooms: [{ cluster: 'right', target: 'other', taken: 0 }], isOfRooms: true });
    const others = await claim(stores, { limit: 3, rooms: [{ cluster: 'left', target: 'right', taken: 9 }] });
    expect([full.length, some.length, elsewhere.length, others.length]).toEqual([0, 2, 0, 3]);
  });

  it('have more steps than places only of kinds that are wanted ahead', async () => {
    await anExecutingRun(
      stores,
      Array.from({ length: 9 }, (_, index) => aPlan(`t${String(index)}`)),
    );
    for (const step of await claim(stores)) await done(step);
    for (const step of await claim(stores, { limit: 4 })) await done(step);
    const room = { cluster: 'right', target: 'right', taken: 1 };
    const kindsOf = (steps: readonly ClaimedStep[]): Record<string, number> =>
      Object.fromEntries([...Map.groupBy(steps, ({ kind }) => kind)].map(([kind, own]) => [kind, own.length]));
    const wanted = { kinds: ['preflight', 'create-table'] as const, limit: 3 };
    // Four tables are to be created, five are to be looked at; what creates goes first.
    const both = await claim(stores, { ...wanted, rooms: [{ ...room, ahead: { kinds: ['preflight'], limit: 2 } }], isOfRooms: true });
    const rest = await claim(stores, { ...wanted, rooms: [{ ...room, ahead: { kinds: ['preflight'], limit: 100 } }], isOfRooms: true });
    expect([kindsOf(both), kindsOf(rest)]).toEqual([
      { 'create-table': 2, preflight: 4 },
      { 'create-table': 2, preflight: 1 },
    ]);
  });

  it('gives no step to two of eight executors', async () => {
    await anExecutingRun(
      stores,
      Array.from({ length: 60 }, (_, index) => aPlan(`t${String(index).padStart(2, '0')}`)),
    );
    for (const step of await claim(stores)) await done(step);
    const taken = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const mine: string[] = [];
        const next = () => claim(stores, { owner: `e${String(index)}`, limit: 3 });
        for (let steps = await next(); steps.length > 0; steps = await next()) mine.push(...steps.map(({ stepId }) => stepId));
        return mine;
      }),
    );
    const all = taken.flat();
    expect([all.length, new Set(all).size]).toEqual([60, 60]);
  });

  it('gives only steps of the asked clusters', async () => {
    await anExecutingRun(stores, [aPlan('a')]);
    expect(await claim(stores, { clusters: ['left'] })).toEqual([]);
    expect(await claim(stores, { clusters: ['right'] })).toHaveLength(1);
  });
});

describe('leases and fences', () => {
  it('refuses the late result of an executor whose step another took over', async () => {
    await anExecutingRun(stores, [aPlan('a')]);
    const [first] = await claim(stores, { owner: 'dead', leaseMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 })).toMatchObject({ expired: 1 });
    const [second] = await claim(stores, { owner: 'alive' });
    expect(second).toMatchObject({ stepId: first?.stepId, attempt: 2, tries: 1 });
    if (first === undefined || second === undefined) throw new Error('nothing claimed');
    await expect(done(first)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await stores.steps.renew(first, 1_000)).toBe('lost');
    await done(second);
    expect(await states(second.runId)).toContain('sales. database DONE');
  });

  it('takes in one sweep all that an executor held that died, also hundreds of steps', async () => {
    const names = Array.from({ length: 450 }, (_, index) => `t${String(index)}`);
    await anExecutingRun(
      stores,
      names.map((name) => aPlan(name)),
    );
    for (const step of await claim(stores)) await done(step);
    expect(await claim(stores, { owner: 'dead', leaseMs: 1, limit: names.length })).toHaveLength(names.length);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 })).toMatchObject({ expired: names.length });
  });

  it('keeps a renewed lease from the sweeper', async () => {
    await anExecutingRun(stores, [aPlan('a')]);
    const [step] = await claim(stores, { leaseMs: 1 });
    if (step === undefined) throw new Error('nothing claimed');
    expect(await stores.steps.renew(step, 60_000)).toBe('held');
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 })).toMatchObject({ expired: 0 });
  });

  it('fails a step whose executors die again and again', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a')]);
    for (let time = 0; time < 2; time += 1) {
      await claim(stores, { leaseMs: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await stores.steps.sweep({ maxTries: 2, announceAfterMs: 60_000 });
    }
    expect(await tableState(runId, 'a')).toBe('FAILED');
    expect((await stores.runs.run(runId))?.state).toBe('INCOMPLETE');
  });

  it('gives a step back without counting a try', async () => {
    await anExecutingRun(stores, [aPlan('a')]);
    const [step] = await claim(stores);
    if (step === undefined) throw new Error('nothing claimed');
    await stores.steps.giveBack(step);
    expect(await claim(stores)).toMatchObject([{ attempt: 2, tries: 0 }]);
  });

  it('takes back the try that an expired lease counted when it was given back too late to be written, once', async () => {
    await anExecutingRun(stores, [aPlan('a')]);
    const [step] = await claim(stores, { leaseMs: 1 });
    if (step === undefined) throw new Error('nothing claimed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 });
    const [next] = await claim(stores);
    expect(next).toMatchObject({ attempt: 2, tries: 1 });
    await stores.steps.giveBack(step);
    await expect(stores.steps.giveBack(step)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await stores.steps.giveBack(next ?? step);
    expect(await claim(stores)).toMatchObject([{ attempt: 3, tries: 0 }]);
  });
});

describe('the graph', () => {
  it('makes a dependant ready exactly once when all it needs end at the same time', async () => {
    const plans = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => aPlan(name));
    const view = aPlan('v', { object: 'view', dependsOn: plans.map(({ source }) => source) });
    const { runId } = await anExecutingRun(stores, [...plans, view]);
    for (const step of await claim(stores)) await done(step);
    for (const step of await claim(stores)) await done(step);
    const creates = await claim(stores);
    expect(creates.map(({ key }) => key)).toEqual(Array(6).fill('create-table'));
    await Promise.all(creates.map((step) => done(step)));
    const messages = await stores.rows(
      `select from outbox cross join lateral jsonb_array_elements(value::jsonb -> 'tasks') as t (task) where task ->> 'step' = 'create-view'`,
    );
    expect(messages).toHaveLength(1);
    expect(await states(runId)).toContain('sales.v create-view READY');
  });

  it('fails what depends on a failed table, and nothing else', async () => {
    const view = aPlan('v', { object: 'view', dependsOn: [{ database: 'sales', table: 'bad' }] });
    const outer = aPlan('w', { object: 'view', dependsOn: [{ database: 'sales', table: 'v' }] });
    const { runId } = await anExecutingRun(stores, [aPlan('bad'), aPlan('good'), view, outer]);
    await workAll((step) => (step.table === 'bad' ? stores.steps.fail(step, failure) : done(step)));
    expect(await Promise.all(['bad', 'good', 'v', 'w'].map((name) => tableState(runId, name)))).toEqual([
      'FAILED',
      'VERIFIED',
      'FAILED',
      'FAILED',
    ]);
    const record = await stores.runs.table(runId, 'right', { database: 'sales', table: 'w' });
    expect(record?.failure).toMatchObject({ code: 'DEPENDENCY_FAILED' });
    expect((await stores.runs.run(runId))?.state).toBe('INCOMPLETE');
  });

  it('fails all tables of a database that could not be prepared', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a'), aPlan('b')]);
    await workAll((step) => stores.steps.fail(step, failure));
    expect((await stores.runs.run(runId))?.targets[0]?.tables.byState).toEqual({ FAILED: 2 });
  });

  it('ends a run of proved tables as SUCCEEDED and closes its operation', async () => {
    const { runId, operationId } = await anExecutingRun(stores, [aPlan('a'), aPlan('b')]);
    await workAll();
    expect((await stores.runs.run(runId))?.state).toBe('SUCCEEDED');
    expect(await stores.runs.operation(operationId)).toMatchObject({ done: true, kind: 'execute' });
  });

  it('ends a run with a table that is not verified as INCOMPLETE', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a'), aPlan('b')]);
    await workAll((step) => done(step, step.table === 'a' ? 'NOT_VERIFIED' : 'VERIFIED'));
    expect((await stores.runs.run(runId))?.state).toBe('INCOMPLETE');
  });
});

describe('retries', () => {
  it('takes a step that waits only when its delay is over', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a')]);
    const [step] = await claim(stores);
    if (step === undefined) throw new Error('nothing claimed');
    await stores.steps.fail(step, failure, 600_000);
    expect(await states(runId)).toContain('sales. database WAITING');
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 })).toMatchObject({ due: 0 });
    await stores.rows(`update step set available_at = available_at - interval '10 minutes' where id = $1`, [step.stepId]);
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 })).toMatchObject({ due: 1 });
    expect(await claim(stores)).toMatchObject([{ attempt: 2, tries: 1 }]);
  });

  it('announces again a step that stays ready', async () => {
    await anExecutingRun(stores, [aPlan('a')]);
    await stores.rows(`delete from outbox`);
    await stores.rows(`update step set announced_at = now() - interval '1 minute' where state = 'READY'`);
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 10_000 })).toMatchObject({ announced: 1 });
    expect(await stores.rows(`select id from outbox`)).toHaveLength(1);
  });

  it('announces one of each kind again, however many wait for a place', async () => {
    await anExecutingRun(stores, [aPlan('a'), aPlan('b'), aPlan('c')]);
    await stores.rows(`update step set state = 'READY', available_at = now(), announced_at = now() - interval '1 minute'`);
    await stores.rows(
      `insert into ready_step (step_id, run_id, cluster, target, kind, position) select id, run_id, cluster, target, kind, position from step
       on conflict do nothing`,
    );
    const kinds = await stores.rows(`select distinct cluster, target, kind from step`);
    const steps = await stores.rows(`select id from step`);
    expect(steps.length).toBeGreaterThan(2 * kinds.length);
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 10_000 })).toMatchObject({ announced: kinds.length });
    expect(await stores.steps.sweep({ maxTries: 5, announceAfterMs: 10_000 })).toMatchObject({ announced: kinds.length - 1 });
  });
});

describe('commands on a run', () => {
  it('resumes failed tables and what they took along', async () => {
    const view = aPlan('v', { object: 'view', dependsOn: [{ database: 'sales', table: 'bad' }] });
    const { runId } = await anExecutingRun(stores, [aPlan('bad'), aPlan('good'), view]);
    await workAll((step) => (step.table === 'bad' ? stores.steps.fail(step, failure) : done(step)));
    await stores.runs.resumeRun(runId);
    const again: string[] = [];
    await workAll((step) => {
      again.push(`${step.table ?? ''} ${step.key}`);
      return done(step);
    });
    expect(again.sort()).toEqual(['bad create-table', 'bad preflight', 'bad verify', 'v create-view', 'v verify']);
    expect((await stores.runs.run(runId))?.state).toBe('SUCCEEDED');
  });

  it('refuses to resume what has nothing failed', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a')]);
    await expect(stores.runs.resumeRun(runId)).rejects.toMatchObject({ code: 'RUN_NOT_ENDED' });
    await workAll();
    await expect(stores.runs.resumeRun(runId)).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
  });

  it('verifies again and shows the latest evidence, keeping the earlier', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a')]);
    await workAll();
    await stores.runs.verifyRun(runId);
    await workAll((step) => done(step, 'NOT_VERIFIED'));
    expect((await stores.runs.table(runId, 'right', { database: 'sales', table: 'a' }))?.evidence?.verdict).toBe('NOT_VERIFIED');
    expect(await stores.rows(`select id from evidence`)).toHaveLength(2);
  });

  it('cancels at once what does not run, and the run when its last step has stopped', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a'), aPlan('b')]);
    const [step] = await claim(stores);
    if (step === undefined) throw new Error('nothing claimed');
    await stores.runs.cancelRun(runId);
    expect((await stores.runs.run(runId))?.state).toBe('CANCELLING');
    expect(await stores.steps.renew(step, 1_000)).toBe('cancelled');
    await stores.steps.cancelled(step);
    expect((await stores.runs.run(runId))?.state).toBe('CANCELLED');
    expect((await stores.runs.run(runId))?.targets[0]?.tables.byState).toEqual({ CANCELLED: 2 });
  });

  it('ends a cancelled run whose executor died', async () => {
    const { runId } = await anExecutingRun(stores, [aPlan('a')]);
    await claim(stores, { leaseMs: 1 });
    await stores.runs.cancelRun(runId);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 });
    expect((await stores.runs.run(runId))?.state).toBe('CANCELLED');
  });
});
