import type { DatabasePlan, PlannedStatement, StatementPurpose, TablePlan } from '../model/plan.ts';
import { isExecutable } from '../strategies/registry.ts';
import type { PlannedStep } from '../model/task.ts';
import { cleanUpSteps, rowSteps } from './row-steps.ts';

const PREFLIGHT: readonly StatementPurpose[] = ['preflight-create', 'preflight-drop', 'preflight-source'];
const CREATE: readonly StatementPurpose[] = ['create-table', 'create-view', 'set-owner'];

/**
 * The steps of one table, each after those it needs: preflight, copies (at the source's executor when it pushes; a
 * wait for them when others copy; inserts and what follows them where Hive moves the rows), create, attach, both measurements, verify; a
 * view is created and verified. Nothing is measured at level `metadata`. A refused table has no step, nor has a strategy that only tells.
 */
export function stepsOf(plan: TablePlan): readonly PlannedStep[] {
  if (plan.decision === 'REFUSED' || !isExecutable(plan.strategy)) return [];
  switch (plan.object) {
    case 'table':
      return stepsOfTable(plan);
    case 'view':
      return stepsOfView(plan);
  }
}

/** The step all tables of a database wait for. */
export function databaseStepOf(plan: DatabasePlan): PlannedStep {
  const payload = { kind: 'prepare-database', database: plan.target, statements: plan.statements } as const;
  return { key: 'database', kind: 'prepare-database', side: 'target', after: [], payload };
}

function stepsOfTable(plan: TablePlan): readonly PlannedStep[] {
  const data = plan.rows === undefined ? copySteps(plan) : rowSteps(plan.rows);
  const create = createStatements(plan);
  const last = plan.partitions.length > 0 ? 'attach-partitions' : 'create-table';
  const arrived = arrivalOf(plan, data);
  const cleaned = plan.rows === undefined ? [] : cleanUpSteps(plan.rows, last);
  return [
    {
      key: 'preflight',
      kind: 'preflight',
      side: 'target',
      after: ['database'],
      payload: { kind: 'preflight', statements: preflightStatements(plan) },
    },
    ...data,
    { key: 'create-table', kind: 'create-table', side: 'target', after: arrived, payload: { kind: 'create-table', statements: create } },
    ...attachStep(plan),
    ...cleaned,
    ...measureSteps(plan, { copied: arrived, last }),
    verifyStep([...(plan.proof === 'metadata' ? [last] : ['measure-source', 'measure-target']), ...cleaned.map(({ key }) => key)]),
  ];
}

/** When the data is where the table will be. */
function arrivalOf(plan: TablePlan, data: readonly PlannedStep[]): readonly string[] {
  if (plan.rows !== undefined) return ['publish'];
  return data.length === 0 ? ['preflight'] : data.map(({ key }) => key);
}

function stepsOfView(plan: TablePlan): readonly PlannedStep[] {
  const payload = { kind: 'create-view', statements: createStatements(plan) } as const;
  return [{ key: 'create-view', kind: 'create-view', side: 'target', after: ['database'], payload }, verifyStep(['create-view'])];
}

/** One a job; one for all of them when others copy. */
function copySteps(plan: TablePlan): readonly PlannedStep[] {
  if (plan.copiedBy === 'external')
    return [{ key: 'await-copy', kind: 'await-copy', side: 'target', after: ['preflight'], payload: { kind: 'await-copy' } }];
  return plan.copyJobs.map((job) => ({
    key: job.id,
    kind: 'copy',
    side: plan.copySide ?? 'target',
    after: ['preflight'],
    payload: { kind: 'copy', job },
  }));
}

function attachStep(plan: TablePlan): readonly PlannedStep[] {
  if (plan.partitions.length === 0) return [];
  return [
    {
      key: 'attach-partitions',
      kind: 'attach-partitions',
      side: 'target',
      after: ['create-table'],
      payload: { kind: 'attach-partitions' },
    },
  ];
}

function measureSteps(
  plan: TablePlan,
  { copied, last }: { readonly copied: readonly string[]; readonly last: string },
): readonly PlannedStep[] {
  if (plan.proof === 'metadata') return [];
  return [
    { key: 'measure-source', kind: 'measure', side: 'source', after: copied, payload: { kind: 'measure' } },
    { key: 'measure-target', kind: 'measure', side: 'target', after: [last], payload: { kind: 'measure' } },
  ];
}

function verifyStep(after: readonly string[]): PlannedStep {
  return { key: 'verify', kind: 'verify', side: 'target', after, payload: { kind: 'verify' } };
}

function preflightStatements(plan: TablePlan): readonly PlannedStatement[] {
  return plan.statements.filter(({ purpose }) => PREFLIGHT.includes(purpose));
}

function createStatements(plan: TablePlan): readonly PlannedStatement[] {
  return plan.statements.filter(({ purpose }) => CREATE.includes(purpose));
}
