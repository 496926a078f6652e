import type { TableInput } from '../inventory/table-input.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import type { Location } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import type { InsertMove } from '../model/row-move.ts';
import type { Column, StorageDescriptor, Table } from '../model/table.ts';
import { ANY_ATTEMPT, TRANSFER_DATABASE, attemptTables, insertStatements, publishStatements, transferStatements } from './row-attempts.ts';
import { planRowTable, withoutOwner, workingOf } from './row-table.ts';
import type { ExpectedMove, RowWay } from './row-table.ts';
import { PREFLIGHT_DATABASE } from './statements.ts';

/**
 * A table whose rows Hive reads at the source and writes anew at the target: the way for transactional tables, whose files mean nothing to
 * another metastore. These the source writes once more, without transactions, where the target can read them.
 */
export function planInsertedTable(plan: TablePlan, input: TableInput): TablePlan {
  return planRowTable(plan, input, BY_INSERT);
}

const BY_INSERT: RowWay<InsertMove> = {
  rows: rowMove,
  statements: rowStatements,
  probed,
  decision: wayOf,
  countedBecause: 'files that Hive writes anew are not those of the source: rows are counted instead',
  partitions: {
    storageOf: (_partition, expected) => expected.storage,
    placed: { rule: 'written-by-insert', reason: 'Hive writes each partition in the directory of its name' },
    bringsProperties: false,
  },
};

function rowMove(input: TableInput, { expected, move }: ExpectedMove): InsertMove {
  const { externalWarehouse } = input.clusters.source;
  const plain = withoutOwner(expected);
  const working = workingOf({ ...plain, database: PREFLIGHT_DATABASE }, { expected, move });
  const destination = move.to;
  if (!isTransactional(input.source.table)) return { shadow: shadowOf(input, plain, move.from), working, destination };
  const transfer = transferTable(plain);
  const shadow = { ...transfer, database: PREFLIGHT_DATABASE, storage: { ...transfer.storage, location: externalWarehouse } };
  return { transfer: { table: transfer, holder: externalWarehouse }, shadow, working, destination };
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
function rowStatements({ source: { table } }: TableInput, rows: InsertMove): TablePlan['statements'] {
  const tables = attemptTables(rows, ANY_ATTEMPT, rows.transfer === undefined ? undefined : transferPlace(rows));
  return [
    ...transferStatements(tables, { database: table.database, table: table.name }),
    ...insertStatements(tables),
    ...publishStatements(rows, ANY_ATTEMPT),
  ];
}

const transferPlace = (rows: InsertMove): string | undefined => attemptTables(rows, ANY_ATTEMPT).transfer?.storage.location;

/** Without partitions: their directories are in the table's own, or are looked at when they are read. Of a transfer only its holder is there yet. */
function probed(_input: TableInput, { transfer, shadow }: InsertMove): Table {
  return transfer === undefined ? shadow : { ...shadow, partitionKeys: [{ name: 'hiveferry_probe', type: 'string' }] };
}

function wayOf({ transfer }: InsertMove): TablePlan['decisions'][number] {
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
