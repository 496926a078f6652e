import { createTable } from '../hiveql/create-table.ts';
import { createView } from '../hiveql/create-view.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { isManaged, isTransactional, isView } from '../inventory/table-kind.ts';
import { isRefusal, issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { CopyJob, PlannedPartition, PlannedStatement, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Table } from '../model/table.ts';
import { keepLocation } from '../translate/map-location.ts';
import { mapTable } from '../translate/map-table.ts';
import { isWrittenByHive } from '../translate/properties.ts';
import { planCopies } from './copy-jobs.ts';
import { foreignTables } from './foreign-tables.ts';

/**
 * The definition as it stands at the source, under its own name and place, and the copies that would bring its files to the target:
 * written down for people, never executed.
 */
export function planDescribedTable(plan: TablePlan, input: TableInput): TablePlan {
  const { table } = input.source;
  const copies = describedCopies(plan, input);
  return {
    ...plan,
    target: plan.source,
    decision: 'MIGRATE',
    expected: table,
    partitions: ownPartitions(input),
    statements: [definition(table)],
    copyJobs: copies.jobs,
    mappings: copies.mappings,
    issues: [...plan.issues, ...copies.issues],
    decisions: [{ rule: 'definition-of-source', reason: 'the definition is written down as it stands on the source; nothing is executed' }],
  };
}

function definition(table: Table): PlannedStatement {
  if (isView(table)) return { side: 'source', purpose: 'create-view', sql: createView(selfContained(table)) };
  const kind = isManaged(table) ? 'managed' : 'external';
  return { side: 'source', purpose: 'create-table', sql: createTable(withoutState(placedByHive(table)), { ifNotExists: true, kind }) };
}

/** The expanded text does not depend on the current database. */
function selfContained(view: Table): Table {
  const text = view.viewExpandedText ?? view.viewOriginalText ?? '';
  return { ...withoutState(view), viewOriginalText: text };
}

function withoutState(table: Table): Table {
  return { ...table, parameters: Object.fromEntries(Object.entries(table.parameters).filter(([key]) => !isWrittenByHive(key))) };
}

/** CREATE of a transactional table takes no LOCATION in Hive 3 and 4. */
function placedByHive(table: Table): Table {
  if (!isTransactional(table)) return table;
  const { location: _at, ...storage } = table.storage;
  return { ...table, storage };
}

/** Hive finds the partitions of a transactional table by itself: ADD PARTITION would not say what is in them. */
function ownPartitions(input: TableInput): readonly PlannedPartition[] {
  return isTransactional(input.source.table) || isView(input.source.table) ? [] : mapTable(input, keepLocation).partitions;
}

interface DescribedCopies extends Pick<TablePlan, 'mappings' | 'issues'> {
  readonly jobs: readonly CopyJob[];
}

/** What stands against a copy does not stand against a definition: it is told, and the copy is left out. */
function describedCopies(plan: TablePlan, input: TableInput): DescribedCopies {
  const { table } = input.source;
  const subject = displayName(plan.source);
  if (isView(table) || isTransactional(table)) return { jobs: [], mappings: [], issues: [] };
  const { move, partitions, mappings, issues } = mapTable(input);
  if (move === undefined || issues.some(isRefusal)) return { jobs: [], mappings: [], issues: told(subject, issues) };
  const foreign = foreignTables(subject, { from: move.from, neighbours: input.neighbours, partitions });
  const copies = planCopies({ subject, move, partitions, foreign: foreign.excluded });
  const found = [...issues, ...foreign.issues, ...copies.issues];
  return { jobs: found.some(isRefusal) ? [] : copies.jobs, mappings, issues: told(subject, found) };
}

function told(subject: string, issues: readonly Issue[]): readonly Issue[] {
  const refusals = issues.filter(isRefusal).map(({ code }) => code);
  const others = issues.filter((each) => !isRefusal(each));
  return refusals.length === 0 ? others : [...others, issue('COPY_NOT_DESCRIBED', subject, { reasons: refusals })];
}
