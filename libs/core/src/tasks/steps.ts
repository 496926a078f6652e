import type { DatabasePlan, PlannedStatement, StatementPurpose, TablePlan } from '../model/plan.ts';
import { isConverted } from '../plan/converted-table.ts';
import { isExecutable } from '../strategies/registry.ts';
import type { PlannedStep } from '../model/task.ts';
import { relocationSteps } from './relocation-steps.ts';
import { cleanUpSteps, rowSteps } from './row-steps.ts';

const PREFLIGHT: readonly StatementPurpose[] = ['preflight-create', 'preflight-drop', 'preflight-source'];
const CREATE: readonly StatementPurpose[] = ['drop-existing', 'create-table', 'create-view', 'alter-table', 'set-owner'];
const DISCOVER: readonly StatementPurpose[] = ['repair-partitions', 'discover-partitions'];

/**
 * The steps of one table, each after those it needs: preflight, copies (at the source's executor when it pushes; a
 * wait for them when others copy; inserts and what follows them where Hive moves the rows), create, attach, both measurements, verify; a
 * view is created and verified. A table that only changes its place is measured there first, and pointed at it then. Of what is synchronised only what differs is done. Nothing is measured at level `metadata`. A refused table
 * has no step, nor has a strategy that only tells.
 */
export function stepsOf(plan: TablePlan): readonly PlannedStep[] {
  if (plan.decision === 'REFUSED' || !isExecutable(plan.strategy)) return [];
  if (plan.vanished !== undefined) return stepsOfVanished(plan);
  switch (plan.object) {
    case 'table':
      return stepsOfTable(plan);
    case 'view':
      return stepsOfView(plan);
  }
}

function stepsOfVanished({ statements }: TablePlan): readonly PlannedStep[] {
  const payload = { kind: 'drop-vanished', statements } as const;
  return [{ key: 'drop-vanished', kind: 'drop-vanished', side: 'target', after: ['database'], payload }, verifyStep(['drop-vanished'])];
}

/** The step all tables of a database wait for. */
export function databaseStepOf(plan: DatabasePlan): PlannedStep {
  const payload = { kind: 'prepare-database', database: plan.target, statements: plan.statements } as const;
  return { key: 'database', kind: 'prepare-database', side: 'target', after: [], payload };
}

function stepsOfTable(plan: TablePlan): readonly PlannedStep[] {
  if (plan.relocation !== undefined) return relocatedSteps(plan);
  const first = isTried(plan) ? 'preflight' : 'database';
  const data = plan.rows === undefined ? copySteps(plan, first) : rowSteps(plan.rows);
  const arrived = arrivalOf(plan, data, first);
  const turned = convertStep(plan, arrived);
  const there = turned.length === 0 ? arrived : turned.map(({ key }) => key);
  const made = [...turned, ...createStep(plan, there), ...attachStep(plan, there)];
  const last = made.at(-1)?.key;
  const cleaned = plan.rows === undefined ? [] : cleanUpSteps(plan.rows, last ?? 'publish');
  const measured = measureSteps(plan, { copied: arrived, made: last === undefined ? arrived : [last] });
  const proof = plan.proof === 'metadata' ? (last === undefined ? arrived : [last]) : measured.map(({ key }) => key);
  return [
    ...(isTried(plan) ? [preflightStep(plan)] : []),
    ...data,
    ...made,
    ...cleaned,
    ...measured,
    ...verdictSteps(plan, [...proof, ...cleaned.map(({ key }) => key)]),
  ];
}

function relocatedSteps(plan: TablePlan): readonly PlannedStep[] {
  const copies = copySteps(plan, 'preflight');
  const moved = relocationSteps(
    plan,
    copies.map(({ key }) => key),
  );
  return [preflightStep(plan), ...copies, ...moved, verifyStep(moved.map(({ key }) => key))];
}

/** A last look and a trial before something is written, dropped or created; nothing of that comes to a table that is kept and not copied to. */
function isTried({ existing, copyJobs, copiedBy }: TablePlan): boolean {
  if (existing?.linked !== undefined) return !isConverted(existing.linked);
  return existing === undefined || existing.definition === 'replaced' || (copyJobs.length > 0 && copiedBy === undefined);
}

function preflightStep(plan: TablePlan): PlannedStep {
  const payload = { kind: 'preflight', statements: preflightStatements(plan) } as const;
  return { key: 'preflight', kind: 'preflight', side: 'target', after: ['database'], payload };
}

/** When the data is where the table will be. */
function arrivalOf(plan: TablePlan, data: readonly PlannedStep[], first: string): readonly string[] {
  if (plan.rows !== undefined) return ['publish'];
  return data.length === 0 ? [first] : data.map(({ key }) => key);
}

function stepsOfView(plan: TablePlan): readonly PlannedStep[] {
  if (plan.existing?.definition === 'kept') return [verifyStep(['database'])];
  const payload = { kind: 'create-view', statements: createStatements(plan) } as const;
  return [{ key: 'create-view', kind: 'create-view', side: 'target', after: ['database'], payload }, verifyStep(['create-view'])];
}

/** One a job; one for all of them when others copy. */
function copySteps(plan: TablePlan, first: string): readonly PlannedStep[] {
  if (plan.existing?.linked !== undefined && isConverted(plan.existing.linked)) return [];
  if (plan.copiedBy === 'external')
    return [{ key: 'await-copy', kind: 'await-copy', side: 'target', after: [first], payload: { kind: 'await-copy' } }];
  return plan.copyJobs.map((job) => ({
    key: job.id,
    kind: 'copy',
    side: plan.copySide ?? 'target',
    after: [first],
    payload: { kind: 'copy', job },
  }));
}

/** When the same files lie at both places. */
function convertStep({ existing, statements }: TablePlan, after: readonly string[]): readonly PlannedStep[] {
  if (existing?.linked === undefined || isConverted(existing.linked)) return [];
  const payload = { kind: 'convert-link', statements: statements.filter(({ purpose }) => purpose === 'convert-link') } as const;
  return [{ key: 'convert-link', kind: 'convert-link', side: 'target', after, payload }];
}

function createStep(plan: TablePlan, after: readonly string[]): readonly PlannedStep[] {
  if (plan.existing?.definition === 'kept') return [];
  const payload = { kind: 'create-table', statements: createStatements(plan) } as const;
  return [{ key: 'create-table', kind: 'create-table', side: 'target', after, payload }];
}

function attachStep(plan: TablePlan, arrived: readonly string[]): readonly PlannedStep[] {
  if (!changesPartitions(plan)) return [];
  const after = plan.existing?.definition === 'kept' ? arrived : ['create-table'];
  return [{ key: 'attach-partitions', kind: 'attach-partitions', side: 'target', after, payload: { kind: 'attach-partitions' } }];
}

function changesPartitions({ existing, partitions }: TablePlan): boolean {
  const changes = existing?.partitions;
  if (changes === undefined) return partitions.length > 0;
  return changes.added.length + changes.replaced.length + changes.dropped.length > 0;
}

function measureSteps(
  plan: TablePlan,
  { copied, made }: { readonly copied: readonly string[]; readonly made: readonly string[] },
): readonly PlannedStep[] {
  if (plan.proof === 'metadata') return [];
  return [
    { key: 'measure-source', kind: 'measure', side: 'source', after: copied, payload: { kind: 'measure' } },
    { key: 'measure-target', kind: 'measure', side: 'target', after: made, payload: { kind: 'measure' } },
  ];
}

/** Discovery drops what has no directory: it begins when the table is found to be proved, and the verdict comes after it. */
function verdictSteps(plan: TablePlan, after: readonly string[]): readonly PlannedStep[] {
  const statements = plan.statements.filter(({ purpose }) => DISCOVER.includes(purpose));
  if (statements.length === 0) return [verifyStep(after)];
  return [
    { key: 'verify-before-discovery', kind: 'verify', side: 'target', after, payload: { kind: 'verify', before: 'discovery' } },
    {
      key: 'discover-partitions',
      kind: 'discover-partitions',
      side: 'target',
      after: ['verify-before-discovery'],
      payload: { kind: 'discover-partitions', statements },
    },
    verifyStep(['verify-before-discovery', 'discover-partitions']),
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
