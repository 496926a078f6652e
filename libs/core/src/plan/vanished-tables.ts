import { dropView } from '../hiveql/script-statements.ts';
import { dropTable } from '../hiveql/statements.ts';
import type { ClusterPair } from '../inventory/table-input.ts';
import { isView, ownsItsFiles, parameterOf } from '../inventory/table-kind.ts';
import { isRefusal, issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { TablePlan, VanishedObject } from '../model/plan.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import { displayName } from '../model/table.ts';
import type { Table, TableName } from '../model/table.ts';
import { SOURCE_MARK, sourceMark } from '../translate/source-mark.ts';
import { refusePlan } from './destinations.ts';
import { onTarget } from './statements.ts';

/** Objects of one target that its source no longer has, and how many there are of what. */
export interface Vanished {
  readonly plans: readonly TablePlan[];
  /** All that is selected and missing at the source, whoever made it: also what is refused or not looked at further. */
  readonly missing: number;
  /** Selected tables and views that stand in the databases of the run on the target. */
  readonly standing: number;
}

interface VanishedInput {
  /** The name that the object had at the source. */
  readonly source: TableName;
  /** What stands on the target. */
  readonly target: Table;
  readonly clusters: ClusterPair;
  readonly settings: PlanSettings;
}

/**
 * Whether a sync that drops has kept the object as a copy of this very table; any other is not looked at further. The mark of hms-mirror
 * would not do: it names no source.
 */
export function isMarked({ source, target, clusters }: Omit<VanishedInput, 'settings'>): boolean {
  return parameterOf(target, SOURCE_MARK) === sourceMark(clusters.source, source);
}

/** Drops from the metastore of the target what its source no longer has, and no file; or says why not. */
export function planVanishedTable(input: VanishedInput): TablePlan {
  const { source, target, settings } = input;
  const name = { database: target.database, table: target.name };
  const vanished = vanishedObject(target);
  const forbidden = filesWouldGo(target);
  const plan: TablePlan = {
    source,
    target: name,
    strategy: settings.strategy,
    decision: 'MIGRATE',
    object: isView(target) ? 'view' : 'table',
    proof: 'metadata',
    vanished,
    partitions: [],
    statements: [onTarget('drop-existing', isView(target) ? dropView(name) : dropTable(name))],
    copyJobs: [],
    mappings: [],
    dependsOn: [],
    issues: [],
    hazards: [
      {
        code: 'TARGET_DROPPED',
        subject: displayName(source),
        allowed: true,
        detail: { target: displayName(name), location: vanished.location ?? 'no location' },
      },
    ],
    decisions: [
      {
        rule: 'vanished-is-dropped',
        reason: `the source has no ${displayName(source)} any more: it is dropped from the metastore of the target, its files stay`,
      },
    ],
  };
  return forbidden === undefined
    ? plan
    : refusePlan(plan, issue('VANISHED_OWNS_FILES', displayName(source), { target: displayName(name), why: forbidden }));
}

/**
 * Why nothing may be dropped, whatever the single object is: an empty source, or one that loses more than it may at a time, is taken for one
 * that cannot be read as it is, or is not restored yet.
 *
 * @param tablesAtSource of each database, by its name
 */
export function refuseTooMany(
  { plans, missing, standing }: Vanished,
  { settings, tablesAtSource }: { readonly settings: PlanSettings; readonly tablesAtSource: ReadonlyMap<string, number> },
): readonly TablePlan[] {
  const { atMost = 0, atMostPercent = 100 } = settings.vanished ?? {};
  const count = plans.filter((plan) => !plan.issues.some(isRefusal)).length;
  const isTooMany = missing > atMost || missing * 100 > atMostPercent * standing;
  return plans.map((plan) => {
    if (plan.decision === 'REFUSED') return plan;
    const { database } = plan.source;
    const subject = displayName(plan.source);
    if ((tablesAtSource.get(database) ?? 0) === 0) return refusePlan(plan, issue('SOURCE_DATABASE_EMPTY', subject, { database, count }));
    return isTooMany ? refusePlan(plan, tooMany(subject, { count: missing, standing, atMost, atMostPercent })) : plan;
  });
}

function tooMany(subject: string, numbers: Issue['detail']): Issue {
  return issue('VANISHED_TOO_MANY', subject, numbers);
}

/**
 * Why the object may not be dropped now: it is not what was planned to be dropped. Looked at right before the DROP.
 *
 * @returns the reason in words, undefined when it may
 */
export function vanishedDropForbidden(vanished: VanishedObject, found: Table): string | undefined {
  const now = vanishedObject(found);
  if (now.tableType !== vanished.tableType) return `is a ${now.tableType}, not a ${vanished.tableType}`;
  if (now.location !== vanished.location) return `lies at ${now.location ?? 'no location'}, not at ${vanished.location ?? 'no location'}`;
  if (now.mark !== vanished.mark) return `is marked as ${now.mark ?? 'nobody'}'s, not ${vanished.mark ?? 'nobody'}'s`;
  return filesWouldGo(found);
}

function vanishedObject(table: Table): VanishedObject {
  const mark = parameterOf(table, SOURCE_MARK);
  const { location } = table.storage;
  return { tableType: table.tableType, ...(location === undefined ? {} : { location }), ...(mark === undefined ? {} : { mark }) };
}

function filesWouldGo(table: Table): string | undefined {
  if (table.tableType === 'VIRTUAL_VIEW') return undefined;
  if (table.tableType !== 'EXTERNAL_TABLE') return `is a ${table.tableType}`;
  if (parameterOf(table, 'storage_handler') !== undefined) return 'is kept by a storage handler';
  return ownsItsFiles(table) ? 'has external.table.purge' : undefined;
}
