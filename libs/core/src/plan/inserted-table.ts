import { partitionName } from '../inventory/partition-name.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { isRefusal, issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { below, locate, namespaceOf, parseLocation, partsOf } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import type { LocationMapping, PlannedPartition, RowMove, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Column, Partition, StorageDescriptor, Table } from '../model/table.ts';
import { mapTable, summary } from '../translate/map-table.ts';
import type { MappedTable } from '../translate/map-table.ts';
import { partitionParameters } from '../translate/properties.ts';
import { translateTable } from '../translate/translate-table.ts';
import type { TableMove } from '../translate/translate-table.ts';
import { translateTransactional } from '../translate/translate-transactional.ts';
import { ANY_ATTEMPT, TRANSFER_DATABASE, attemptTables, insertStatements, publishStatements, transferStatements } from './row-attempts.ts';
import { PREFLIGHT_DATABASE, insertedTableStatements, renamedTableStatements, withoutLocation } from './statements.ts';
import { targetState } from './target-state.ts';
import { mapTransactional, staysTransactional } from './transactional-target.ts';

/**
 * A table whose rows Hive reads at the source and writes anew at the target: the way for transactional tables, whose files mean nothing to
 * another metastore. These the source writes once more, without transactions, where the target can read them.
 */
export function planInsertedTable(plan: TablePlan, input: TableInput): TablePlan {
  const { move, mappings, issues } = staysTransactional(input) ? mapTransactional(input) : mapExternal(input);
  const mapped = { ...plan, mappings, issues: [...plan.issues, ...issues] };
  if (move === undefined || mapped.issues.some(isRefusal)) return mapped;
  const { table, decisions } = staysTransactional(input) ? translateTransactional(input, move.to) : translateTable(input, move);
  const placed = placePartitions(input, table, move.to);
  const found = [...mapped.issues, ...placed.issues];
  if (found.some(isRefusal)) return { ...mapped, issues: found };
  const rows = rowMove(input, table, move);
  const proof = provable(plan.proof);
  return {
    ...mapped,
    decision: 'MIGRATE',
    proof,
    expected: table,
    ...(table.owner === undefined ? {} : { expectedOwner: table.owner }),
    partitions: placed.partitions,
    mappings: [...mappings, ...placed.mappings],
    statements: [...rowStatements(input, rows), ...tableStatements(input, table, rows)],
    rows,
    issues: found,
    decisions: [wayOf(rows), ...(proof === plan.proof ? [] : [COUNTED_INSTEAD]), ...decisions],
  };
}

function tableStatements({ clusters }: TableInput, table: Table, rows: RowMove): TablePlan['statements'] {
  if ('publishedAs' in rows.working) return renamedTableStatements(table, probed(rows));
  return insertedTableStatements(table, clusters.target.namespace, probed(rows));
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

const COUNTED_INSTEAD = {
  rule: 'rows-are-counted',
  reason: 'files that Hive writes anew are not those of the source: rows are counted instead',
};

function refuseOtherStores({ source: { table }, clusters: { target } }: TableInput, to: Location): readonly Issue[] {
  if (namespaceOf(to) === target.namespace) return [];
  return [issue('ROWS_NOT_PUBLISHED_THERE', subjectOf(table), { location: to, namespace: target.namespace })];
}

function rowMove(input: TableInput, expected: Table, { from, to: destination }: TableMove): RowMove {
  const { externalWarehouse } = input.clusters.source;
  const plain = withoutOwner(expected);
  const working = workingOf({ ...plain, database: PREFLIGHT_DATABASE }, { expected, destination });
  if (!isTransactional(input.source.table)) return { shadow: shadowOf(input, plain, from), working, destination };
  const transfer = transferTable(plain);
  const shadow = { ...transfer, database: PREFLIGHT_DATABASE, storage: { ...transfer.storage, location: externalWarehouse } };
  return { transfer: { table: transfer, holder: externalWarehouse }, shadow, working, destination };
}

function workingOf(
  table: Table,
  { expected, destination }: { readonly expected: Table; readonly destination: Location },
): RowMove['working'] {
  if (expected.tableType !== 'MANAGED_TABLE') return { table, holder: parentOf(destination) };
  return { table: withoutLocation(table), publishedAs: { database: expected.database, table: expected.name } };
}

/** The owner is that of the finished table only. */
function withoutOwner({ owner: _owner, ...table }: Table): Table {
  return table;
}

/** Over the files of the source, read as the source reads them. */
function shadowOf({ source: { table } }: TableInput, plain: Table, location: Location): Table {
  return { ...plain, database: PREFLIGHT_DATABASE, storage: { ...plain.storage, serde: table.storage.serde, location } };
}

/** All columns in one directory of ORC: both Hives keep every type in it, and no partition must be said to two metastores. */
function transferTable(plain: Table): Table {
  const columns = [...plain.storage.columns, ...plain.partitionKeys].map(({ name, type }): Column => ({ name, type }));
  return {
    database: TRANSFER_DATABASE,
    name: plain.name,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [],
    parameters: { 'external.table.purge': 'false', bucketing_version: '2' },
    storage: { columns, ...PLAIN_ORC },
  };
}

const PLAIN_ORC: Omit<StorageDescriptor, 'columns'> = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serde: { serializationLib: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: {} },
  compressed: false,
  numBuckets: 0,
  bucketColumns: [],
  sortColumns: [],
  storedAsSubDirectories: false,
  parameters: {},
};

/** As people read them; an attempt has its own names. */
function rowStatements({ source: { table } }: TableInput, rows: RowMove): TablePlan['statements'] {
  const tables = attemptTables(rows, ANY_ATTEMPT, rows.transfer === undefined ? undefined : transferPlace(rows));
  return [
    ...transferStatements(tables, { database: table.database, table: table.name }),
    ...insertStatements(tables),
    ...publishStatements(rows, ANY_ATTEMPT),
  ];
}

const transferPlace = (rows: RowMove): string | undefined => attemptTables(rows, ANY_ATTEMPT).transfer?.storage.location;

/** Without partitions: their directories are in the table's own, or are looked at when they are read. Of a transfer only its holder is there yet. */
function probed({ transfer, shadow }: RowMove): Table {
  return transfer === undefined ? shadow : { ...shadow, partitionKeys: [{ name: 'hiveferry_probe', type: 'string' }] };
}

function wayOf({ transfer }: RowMove): TablePlan['decisions'][number] {
  return transfer === undefined
    ? {
        rule: 'shadow-table',
        reason: 'Hive of the target reads the files of the source through a table that is dropped afterwards, and writes the rows anew',
      }
    : {
        rule: 'transfer-table',
        reason: `the source writes the rows without transactions below ${transfer.holder}, Hive of the target reads them there; both are removed afterwards`,
      };
}

interface PlacedPartitions {
  readonly partitions: readonly PlannedPartition[];
  readonly mappings: readonly LocationMapping[];
  readonly issues: readonly Issue[];
}

/** Hive writes each partition below the table, in the directory of its name and in the table's format. */
function placePartitions({ source, clusters }: TableInput, expected: Table, destination: Location): PlacedPartitions {
  const named = sortedBy(
    source.partitions.map((partition) => ({ name: partitionName(source.table.partitionKeys, partition.values), partition })),
    ({ name }) => name,
  );
  const located = named.map((each) => ({ ...each, from: parseLocation(each.partition.storage.location ?? '', clusters.source.namespace) }));
  const lost = located.filter(({ from }) => from === undefined);
  const partitions = located.flatMap(({ name, partition, from }) =>
    from === undefined ? [] : [plannedPartition(partition, { name, from, to: below(destination, name.split('/')), expected })],
  );
  return {
    partitions,
    mappings: partitions.flatMap(movedMapping),
    issues: [
      ...summary('PARTITION_LOCATION_INVALID', subjectOf(source.table), lost),
      ...summary('PARTITION_PROPERTIES_NOT_SET', subjectOf(source.table), named.filter(losesProperties(expected))),
    ],
  };
}

/** Partitions of a table that is renamed are there before anybody can set something; those of an external one are attached. */
function losesProperties(expected: Table): (each: { readonly partition: Partition }) => boolean {
  return ({ partition }) => expected.tableType === 'MANAGED_TABLE' && Object.keys(partitionParameters(partition.parameters)).length > 0;
}

function plannedPartition(
  { values, parameters }: Partition,
  { name, from, to, expected }: { readonly name: string; readonly from: Location; readonly to: Location; readonly expected: Table },
): PlannedPartition {
  const storage = { ...expected.storage, location: to };
  const kept = expected.tableType === 'MANAGED_TABLE' ? {} : partitionParameters(parameters);
  return { name, values, source: from, target: to, storage, parameters: kept };
}

/** Partitions in directories of their own name are told by the table's mapping. */
function movedMapping({ name, source: from, target: to }: PlannedPartition): readonly LocationMapping[] {
  if (from.endsWith(`/${name}`)) return [];
  const reason = 'Hive writes each partition in the directory of its name';
  return [{ subject: 'partition', partition: name, from, to, rule: 'written-by-insert', reason }];
}

function parentOf(location: Location): Location {
  const { namespace, segments } = partsOf(location);
  return locate(namespace, segments.slice(0, -1));
}

const subjectOf = ({ database, name }: Table): string => displayName({ database, table: name });
