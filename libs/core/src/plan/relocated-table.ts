import { isSettable, setLocation } from '../hiveql/script-statements.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { isRefusal, issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { below, namespaceOf, relativeTo } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { MovedPath, PlannedPartition, PlannedStatement, Relocation, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Table, TableName } from '../model/table.ts';
import { relocate } from '../translate/map-location.ts';
import { mapTable, summary } from '../translate/map-table.ts';
import type { MappedTable } from '../translate/map-table.ts';
import { isWrittenByHive } from '../translate/properties.ts';
import { descriptor, pathsThatMove } from '../translate/translate-table.ts';
import type { TableMove } from '../translate/translate-table.ts';
import { planCopies } from './copy-jobs.ts';
import { copySizes } from './copy-sizes.ts';
import { foreignTables, refuseShared } from './foreign-tables.ts';
import { pathStatement } from './open-relocation.ts';
import { onTarget, relocationTrial } from './statements.ts';
import { targetState } from './target-state.ts';

/**
 * A table that stays in its metastore and comes to lie elsewhere: its files are copied and compared, then its partitions and the table are
 * pointed at them. In all else it stays as it is, and so do its old files. A view has none.
 */
export function planRelocation(plan: TablePlan, input: TableInput): TablePlan {
  const { table } = input.source;
  if (table.tableType === 'VIRTUAL_VIEW') return { ...plan, decision: 'MIGRATE', expected: table, existing: KEPT, decisions: [VIEW_STAYS] };
  const mapped = mapTable(input, relocate);
  const issues = [...plan.issues, ...mapped.issues];
  const accepted = { ...plan, mappings: mapped.mappings, issues };
  if (mapped.move === undefined || issues.some(isRefusal)) return accepted;
  if (mapped.move.from === mapped.move.to) return { ...accepted, issues: [...issues, thereAlready(plan, mapped.move, mapped.partitions)] };
  return planMove(accepted, input, { ...mapped, move: mapped.move });
}

const KEPT = { definition: 'kept' } as const;

const VIEW_STAYS = { rule: 'view-stays', reason: 'a view reads its tables by their names, wherever they lie' };

const PROVED_FIRST = {
  rule: 'files-are-compared',
  reason: 'no table is pointed at files that were not compared with those at its old place: level files at least',
};

/** What lies there must not be taken for whole: its old files would be removed. */
function thereAlready(plan: TablePlan, { to }: TableMove, partitions: readonly PlannedPartition[]): Issue {
  const subject = displayName(plan.source);
  const behind = partitions.filter(({ source, target }) => source !== target);
  const [left] = summary('PARTITIONS_STAYED_BEHIND', subject, behind);
  return left === undefined
    ? issue('LIES_THERE_ALREADY', subject, { location: to })
    : { ...left, detail: { location: to, ...left.detail } };
}

function planMove(plan: TablePlan, input: TableInput, { move, partitions }: MappedTable & { readonly move: TableMove }): TablePlan {
  const subject = displayName(plan.source);
  const foreign = foreignTables(subject, { from: move.from, neighbours: input.neighbours, partitions });
  const moving = partitions.filter(({ source, target }) => source !== target);
  const there = partitions.flatMap((partition) => formerPlace(partition, move));
  const copies = planCopies({ subject, move, partitions: moving, foreign: [...foreign.excluded, ...there] });
  const against = [...refuseShared(subject, foreign), ...refuseOldPaths(input, move, partitions)];
  const issues = [...plan.issues, ...placeIssues(input, move.to), ...foreign.issues, ...against, ...copies.issues];
  if (issues.some(isRefusal)) return { ...plan, issues };
  const relocation = { from: move.from, paths: movedPaths(input, move) };
  const expected = relocated(input.source.table, move, relocation);
  const sizes = copySizes(copies.jobs, input.source, partitions);
  return {
    ...plan,
    decision: 'MIGRATE',
    proof: plan.proof === 'metadata' ? 'files' : plan.proof,
    expected,
    ...(expected.owner === undefined ? {} : { expectedOwner: expected.owner }),
    partitions,
    relocation,
    statements: [...relocationTrial(expected, namespaceOf(move.to)), ...movingStatements(plan.target, move.to, relocation)],
    copyJobs: copies.jobs,
    ...(Object.keys(sizes).length === 0 ? {} : { copySizes: sizes }),
    ...(input.settings.distcp.flow === 'PUSH' ? { copySide: 'source' as const } : {}),
    issues,
    decisions: [stays(move), ...(plan.proof === 'metadata' ? [PROVED_FIRST] : [])],
  };
}

function stays({ from }: TableMove): TablePlan['decisions'][number] {
  return { rule: 'old-files-stay', reason: `what lies at ${from} is not touched: nothing is removed or renamed there` };
}

/** A partition that moved before may have been written to since: what its old directory holds must not come over it. */
function formerPlace({ source, target }: PlannedPartition, { from, to }: TableMove): readonly Location[] {
  const rest = source === target ? relativeTo(target, to) : undefined;
  return rest === undefined || rest.length === 0 ? [] : [below(from, rest)];
}

/** Hive 4 takes no external table in its managed warehouse. */
function placeIssues({ target: _itself, ...input }: TableInput, to: Location): readonly Issue[] {
  const { table } = input.source;
  const subject = displayName({ database: table.database, table: table.name });
  const unsayable = isSettable(to) ? [] : [issue('NEW_PLACE_NOT_SETTABLE', subject, { location: to })];
  return [...unsayable, ...(table.tableType === 'EXTERNAL_TABLE' ? targetState(input, to, 'left').issues : [])];
}

function movedPaths(input: TableInput, move: TableMove): readonly MovedPath[] {
  const { parameters, storage } = input.source.table;
  return [
    ...pathsThatMove(parameters, input, move).map((path) => ({ of: 'table' as const, ...path })),
    ...pathsThatMove(storage.serde.parameters, input, move).map((path) => ({ of: 'serde' as const, ...path })),
  ];
}

/** Nothing changes the SerDe of a partition: what it names must stay where it is. */
function refuseOldPaths(input: TableInput, move: TableMove, partitions: readonly PlannedPartition[]): readonly Issue[] {
  const { database, name } = input.source.table;
  const naming = partitions.filter(({ source, target, storage }) =>
    [move, { from: source, to: target }].some((moved) => pathsThatMove(storage.serde.parameters, input, moved).length > 0),
  );
  return summary('PARTITION_NAMES_OLD_PLACE', displayName({ database, table: name }), naming);
}

/** As it stands, at its new place; what Hive writes by itself is not expected to stay. */
function relocated(table: Table, { to }: TableMove, { paths }: Relocation): Table {
  const own = Object.fromEntries(Object.entries(table.parameters).filter(([key]) => !isWrittenByHive(key)));
  const storage = descriptor(table.storage, to);
  const serde = { ...storage.serde, parameters: { ...storage.serde.parameters, ...valuesOf(paths, 'serde') } };
  return { ...table, parameters: { ...own, ...valuesOf(paths, 'table') }, storage: { ...storage, serde } };
}

function valuesOf(paths: readonly MovedPath[], of: MovedPath['of']): Readonly<Record<string, string>> {
  return Object.fromEntries(paths.filter((path) => path.of === of).map(({ key, to }) => [key, to]));
}

/** Of the table itself; its partitions are moved through the metastore, and before it. */
function movingStatements(target: TableName, to: Location, { paths }: Relocation): readonly PlannedStatement[] {
  return [onTarget('set-location', setLocation(target, to)), ...paths.map((path) => pathStatement(target, path))];
}
