import type { TableInput } from '../inventory/table-input.ts';
import { isRefusal, issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { locate, namespaceOf, partsOf } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { Decision, TablePlan } from '../model/plan.ts';
import type { RowMove } from '../model/row-move.ts';
import { displayName } from '../model/table.ts';
import type { Table } from '../model/table.ts';
import { mapTable } from '../translate/map-table.ts';
import type { MappedTable } from '../translate/map-table.ts';
import { translateTable } from '../translate/translate-table.ts';
import type { TableMove } from '../translate/translate-table.ts';
import { translateTransactional } from '../translate/translate-transactional.ts';
import { placePartitions } from './place-partitions.ts';
import type { PartitionWay } from './place-partitions.ts';
import { insertedTableStatements, renamedTableStatements, withoutLocation } from './statements.ts';
import { targetState } from './target-state.ts';
import { mapTransactional, staysTransactional } from './transactional-target.ts';

/** The table as it will stand on the target, and where from and to it goes. */
export interface ExpectedMove {
  readonly expected: Table;
  readonly move: TableMove;
}

/** How Hive brings the rows of a table over: what the ways have of their own. */
export interface RowWay<Rows extends RowMove> {
  readonly rows: (input: TableInput, expected: ExpectedMove) => Rows;
  /** From the source to what is published, as people read it; an attempt has its own names. */
  readonly statements: (input: TableInput, rows: Rows) => TablePlan['statements'];
  /** A table over what the target is to read: its storage is looked at before anything is written. */
  readonly probed: (input: TableInput, rows: Rows) => Table;
  readonly decision: (rows: Rows) => Decision;
  readonly countedBecause: string;
  readonly partitions: PartitionWay;
}

/** Plans a table whose rows Hive itself moves: into tables of an attempt, the accepted one of which is published by a rename. */
export function planRowTable<Rows extends RowMove>(plan: TablePlan, input: TableInput, way: RowWay<Rows>): TablePlan {
  const { move, mappings, issues } = staysTransactional(input) ? mapTransactional(input) : mapExternal(input);
  const mapped = { ...plan, mappings, issues: [...plan.issues, ...issues] };
  if (move === undefined || mapped.issues.some(isRefusal)) return mapped;
  const { table, decisions } = staysTransactional(input) ? translateTransactional(input, move.to) : translateTable(input, move);
  const placed = placePartitions(input, { expected: table, to: move.to }, way.partitions);
  const found = [...mapped.issues, ...placed.issues];
  if (found.some(isRefusal)) return { ...mapped, issues: found };
  const rows = way.rows(input, { expected: table, move });
  const proof = provable(plan.proof);
  const counted = proof === plan.proof ? [] : [{ rule: 'rows-are-counted', reason: way.countedBecause }];
  return {
    ...mapped,
    decision: 'MIGRATE',
    proof,
    expected: table,
    ...(table.owner === undefined ? {} : { expectedOwner: table.owner }),
    partitions: placed.partitions,
    mappings: [...mappings, ...placed.mappings],
    statements: [...way.statements(input, rows), ...tableStatements(input, { table, read: way.probed(input, rows) })],
    rows,
    issues: found,
    decisions: [way.decision(rows), ...counted, ...decisions],
  };
}

function tableStatements(
  { clusters }: TableInput,
  { table, read }: { readonly table: Table; readonly read: Table },
): TablePlan['statements'] {
  if (table.tableType === 'MANAGED_TABLE') return renamedTableStatements(table, read);
  return insertedTableStatements(table, clusters.target.namespace, read);
}

/** An external table, at the place that the location rules say. */
function mapExternal(input: TableInput): MappedTable {
  const mapped = mapTable({ ...input, source: { ...input.source, partitions: [] } });
  if (mapped.move === undefined) return mapped;
  const { to } = mapped.move;
  // Rows are not inserted in place: readers would see none, then some of them.
  const { onExisting: _noSync, ...settings } = input.settings;
  const state = targetState({ ...input, settings: { ...settings, allowedHazards: [] } }, to);
  return { ...mapped, issues: [...mapped.issues, ...state.issues, ...refuseOtherStores(input, to)] };
}

/** Of files that Hive wrote anew none can be compared: whoever asks for more than metadata gets counted rows. */
function provable(asked: TablePlan['proof']): TablePlan['proof'] {
  return asked === 'metadata' ? asked : 'rows';
}

function refuseOtherStores({ source: { table }, clusters: { target } }: TableInput, to: Location): readonly Issue[] {
  if (namespaceOf(to) === target.namespace) return [];
  return [issue('ROWS_NOT_PUBLISHED_THERE', subjectOf(table), { location: to, namespace: target.namespace })];
}

/** What an attempt writes into: hidden beside the place of the table, or where Hive places managed tables. */
export function workingOf(table: Table, { expected, move }: ExpectedMove): RowMove['working'] {
  if (expected.tableType !== 'MANAGED_TABLE') return { table, holder: parentOf(move.to) };
  return { table: withoutLocation(table), publishedAs: { database: expected.database, table: expected.name } };
}

/** The owner is that of the finished table only. */
export function withoutOwner({ owner: _owner, ...table }: Table): Table {
  return table;
}

function parentOf(location: Location): Location {
  const { namespace, segments } = partsOf(location);
  return locate(namespace, segments.slice(0, -1));
}

const subjectOf = ({ database, name }: Table): string => displayName({ database, table: name });
