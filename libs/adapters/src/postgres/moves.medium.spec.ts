import { RUN_MOVES, STEP_MOVES, TABLE_MOVES } from '@hiveferry/core';
import type { Evidence, RunState, StepState, TableState } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, location, openTestStores, setLeases } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { tablesTold } from '../../../../test/support/tables-told.ts';

/**
 * Whatever is done in whatever order: only legal moves, nothing ready too early, no end while something runs or what a dead executor began
 * may go on, no late report.
 */
const ACTIONS = [
  'claim',
  'start',
  'late-start',
  'complete',
  'not-verified',
  'fail',
  'retry',
  'give-back',
  'expire',
  'cancel',
  'resume',
  'verify',
  'late-report',
  'left',
  'end-left',
  'end-later',
  'renew',
  'report-together',
] as const;
type Action = (typeof ACTIONS)[number];

interface States {
  readonly run: RunState;
  readonly tables: ReadonlyMap<string, TableState>;
  /** When each table began. */
  readonly started: ReadonlyMap<string, string | undefined>;
  readonly steps: ReadonlyMap<string, StepState>;
}

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());

const COPIES = ['1', '2'].map((id) => ({
  id: `copy-${id}`,
  kind: 'pair' as const,
  source: location(`hdfs://left:8020/b/${id}`),
  target: location(`hdfs://right:8020/b/${id}`),
  excluded: [],
}));
const failure = { code: 'BROKEN', message: 'it broke', retry: 'later' };
const evidence = (verdict: Evidence['verdict']): Evidence => ({
  table: { database: 'sales', table: 'x' },
  target: { database: 'sales', table: 'x' },
  tableHash: 'x',
  verdict,
  askedLevel: 'metadata',
  findings: [],
  findingsOmitted: 0,
  counts: { partitions: 0, files: 0, bytes: 0, checksummedFiles: 0 },
  notCompared: [],
  verifiedAt: '',
});

async function statesOf(runId: string): Promise<States> {
  const tables = await tablesTold(stores, runId);
  const steps = await stores.rows<{ key: string; state: StepState }>(`select id as key, state from step_now where run_id = $1`, [runId]);
  const run = await stores.runs.run(runId);
  if (run === undefined) throw new Error('no run');
  return {
    run: run.state,
    tables: new Map([...tables].map(([key, { state }]) => [key, state])),
    started: new Map([...tables].map(([key, { startedAt }]) => [key, startedAt])),
    steps: new Map(steps.map(({ key, state }) => [key, state])),
  };
}

/** One command may make several moves: each must be legal. */
function reaches<State extends string>(moves: Readonly<Record<State, readonly State[]>>, from: State, to: State): boolean {
  const seen = new Set<State>([from]);
  for (const state of seen) for (const next of moves[state]) seen.add(next);
  return seen.has(to);
}

class Walk {
  readonly #runId: string;
  #held: ClaimedStep[] = [];
  #lost: ClaimedStep[] = [];
  /** Copies of which nobody said that they have ended. */
  readonly unended = new Set<string>();

  constructor(runId: string) {
    this.#runId = runId;
  }

  async act(action: Action): Promise<void> {
    switch (action) {
      case 'claim':
        this.#held.push(...(await claim(stores, { limit: 3 })));
        return;
      case 'start':
        return stores.steps.announceStart(this.#held.slice(0, 2));
      case 'late-start':
        return stores.steps.announceStart(this.#lost.slice(-2));
      case 'complete':
        return this.#end((step) =>
          stores.steps.complete(step, { result: {}, ...(step.kind === 'verify' && { evidence: evidence('VERIFIED') }) }),
        );
      case 'not-verified':
        return this.#end((step) =>
          stores.steps.complete(step, { result: {}, ...(step.kind === 'verify' && { evidence: evidence('NOT_VERIFIED') }) }),
        );
      case 'fail':
        return this.#end((step) => stores.steps.fail(step, failure));
      case 'retry':
        return this.#end((step) => stores.steps.fail(step, failure, 0));
      case 'give-back':
        return this.#end((step) => stores.steps.giveBack(step));
      case 'expire':
        return this.#expire();
      case 'cancel':
        return this.#command(() => stores.runs.cancelRun(this.#runId));
      case 'resume':
        return this.#command(() => stores.runs.resumeRun(this.#runId));
      case 'verify':
        return this.#command(() => stores.runs.verifyRun(this.#runId));
      case 'late-report':
        return this.#lateReport();
      case 'left':
        return this.#leave();
      case 'end-left':
        return this.#endLeft((step) => stores.steps.ended(step));
      case 'end-later':
        return this.#endLeft((step) => stores.steps.endLater(step, 0, failure));
      case 'renew':
        return this.#renew();
      case 'report-together':
        return this.#reportTogether();
    }
  }

  async #end(report: (step: ClaimedStep) => Promise<void>): Promise<void> {
    const step = this.#held.shift();
    if (step === undefined) return;
    await report(step);
    const [row] = await stores.rows<{ state: StepState }>(`select state from step where id = $1`, [step.stepId]);
    if (row?.state === 'DONE') this.unended.delete(step.stepId);
    this.#lost.push(step);
  }

  /** What it began goes on outside, and it says so before it says that it failed. */
  async #leave(): Promise<void> {
    const index = this.#held.findIndex(({ kind }) => kind === 'copy');
    const [step] = index < 0 ? [] : this.#held.splice(index, 1);
    if (step === undefined) return;
    await stores.steps.markUnended(step);
    this.unended.add(step.stepId);
    await stores.steps.fail(step, failure);
    this.#lost.push(step);
  }

  async #endLeft(report: (step: ClaimedStep) => Promise<void>): Promise<void> {
    const steps = await stores.steps.claimEndings({ owner: 'ends', limit: 1, taken: {}, leaseMs: 30_000 });
    for (const step of steps) {
      expect(await stores.steps.renew(step, 30_000)).toBe('held');
      await report(step);
      const [row] = await stores.rows<{ state: StepState }>(`select state from step where id = $1`, [step.stepId]);
      if (row?.state !== 'ENDING') this.unended.delete(step.stepId);
    }
  }

  /** What is held stays held, whatever becomes of the run. */
  async #renew(): Promise<void> {
    for (const step of this.#held) expect(await stores.steps.renew(step, 30_000)).not.toBe('lost');
  }

  /** All that are held, some as done, some given back, in one batch, while the first of them is renewed. */
  async #reportTogether(): Promise<void> {
    const steps = this.#held.splice(0);
    const renewed = steps.slice(0, 1).map((step) => stores.steps.renew(step, 30_000));
    await Promise.all(
      steps.map((step, index) =>
        index % 3 === 2 || step.kind === 'verify' ? stores.steps.giveBack(step) : stores.steps.complete(step, { result: {} }),
      ),
    );
    await Promise.all(renewed);
    for (const step of steps) {
      const [row] = await stores.rows<{ state: StepState }>(`select state from step where id = $1`, [step.stepId]);
      if (row?.state === 'DONE') this.unended.delete(step.stepId);
    }
    this.#lost.push(...steps);
  }

  async #expire(): Promise<void> {
    for (const { kind, stepId } of this.#held) if (kind === 'copy') this.unended.add(stepId);
    const held = this.#held.map(({ stepId }) => stepId);
    await setLeases(stores, held, -1_000);
    await stores.steps.sweep({ maxTries: 4, announceAfterMs: 60_000 });
    this.#lost.push(...this.#held);
    this.#held = [];
  }

  async #lateReport(): Promise<void> {
    const step = this.#lost.at(-1);
    if (step === undefined) return;
    await expect(stores.steps.complete(step, { result: {} })).rejects.toMatchObject({ code: 'LEASE_LOST' });
  }

  /** A refusal is an answer. */
  async #command(command: () => Promise<unknown>): Promise<void> {
    await command().catch((error: unknown) => expect(error).toMatchObject({ category: 'conflict' }));
  }
}

async function checkInvariants(runId: string, before: States, unended: ReadonlySet<string>): Promise<States> {
  const after = await statesOf(runId);
  expect(reaches(RUN_MOVES, before.run, after.run), `run ${before.run} -> ${after.run}`).toBe(true);
  for (const [key, state] of after.tables)
    expect(reaches(TABLE_MOVES, before.tables.get(key) ?? state, state), `table ${before.tables.get(key) ?? ''} -> ${state}`).toBe(true);
  for (const [key, startedAt] of before.started) if (startedAt !== undefined) expect(after.started.get(key)).toBe(startedAt);
  for (const [key, state] of after.steps)
    expect(reaches(STEP_MOVES, before.steps.get(key) ?? state, state), `step ${before.steps.get(key) ?? ''} -> ${state}`).toBe(true);
  const early = await stores.rows(
    `select s.key from step s join step_dependency d on d.step_id = s.id join step n on n.id = d.needs_step_id
     where s.run_id = $1 and s.state in ('READY', 'RUNNING', 'WAITING') and n.state <> 'DONE'`,
    [runId],
  );
  expect(early, 'steps that run before what they need').toEqual([]);
  const astray = await stores.rows(
    `select s.key, q.step_id from (select * from step_now where state = 'READY') s full join ready_step q on q.step_id = s.id
     where s.id is null or q.step_id is null`,
  );
  expect(astray, 'steps that are READY and not queued, or queued and not READY').toEqual([]);
  const numbered = await stores.rows(
    `select s.key from step s left join run_table t on t.id = s.table_id
     where (s.run_id, s.target, s.database, s.table_name) is distinct from (t.run_id, t.target, t.database, t.table_name) and s.table_name <> ''
       or s.table_name = '' and s.table_id is not null`,
  );
  expect(numbered, 'steps with the number of another table, or of none').toEqual([]);
  const folded = await stores.rows(
    `select s.key from step s join step_claim c on c.is_folded and s.id = any(c.steps) and s.state = 'READY' and s.fence < c.id group by s.id having count(*) > 1`,
  );
  expect(folded, 'steps that two claims have').toEqual([]);
  if (['SUCCEEDED', 'INCOMPLETE', 'CANCELLED'].includes(after.run)) {
    expect(
      [...after.steps.values()].filter((state) => ['READY', 'RUNNING', 'WAITING', 'BLOCKED', 'ENDING'].includes(state)),
      `steps of a run that is ${after.run}`,
    ).toEqual([]);
    expect(
      [...after.tables.values()].filter((state) => ['QUEUED', 'RUNNING', 'PLANNED'].includes(state)),
      `tables of a run that is ${after.run}`,
    ).toEqual([]);
  }
  const claims = await stores.rows(`select from location_claim where run_id = $1`, [runId]);
  if (unended.size > 0) expect(claims, 'claims while a copy may go on').not.toEqual([]);
  if (after.run === 'SUCCEEDED') expect(new Set(after.tables.values())).toEqual(new Set(['VERIFIED']));
  return after;
}

it('makes only legal moves, whatever happens in whatever order', async () => {
  const actions = fc.array(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom<Action>('claim', 'complete') }, { weight: 4, arbitrary: fc.constantFrom(...ACTIONS) }),
    { minLength: 5, maxLength: 45 },
  );
  await fc.assert(
    fc.asyncProperty(actions, async (walked) => {
      await stores.rows(`truncate migration, outbox, run_event, evidence, ready_step, step_claim cascade`);
      const view = aPlan('v', { object: 'view', dependsOn: [{ database: 'sales', table: 'a' }] });
      const { runId } = await anExecutingRun(stores, [aPlan('a'), aPlan('b', { copyJobs: COPIES }), view]);
      const walk = new Walk(runId);
      let states = await statesOf(runId);
      for (const action of walked) {
        await walk.act(action);
        states = await checkInvariants(runId, states, walk.unended);
      }
    }),
    { numRuns: 40, seed: 20_261_121 },
  );
});
