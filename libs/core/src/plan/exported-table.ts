import type { TableInput } from '../inventory/table-input.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { namespaceOf } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import type { ExportMove } from '../model/row-move.ts';
import type { Table } from '../model/table.ts';
import { withoutEmptyComment } from '../translate/translate-table.ts';
import { exportOfAttempt, exportStatements, importStatements } from './export-attempts.ts';
import { ANY_ATTEMPT, publishStatements, stemOf } from './row-attempts.ts';
import { planRowTable, withoutOwner, workingOf } from './row-table.ts';
import type { ExpectedMove, RowWay } from './row-table.ts';
import { PREFLIGHT_DATABASE } from './statements.ts';

/**
 * A table that the source exports, files and definition, and the target imports. Hive gives the rows of a transactional table write ids of
 * the target; those of a full ACID table it writes anew, as its readers see them.
 */
export function planExportedTable(plan: TablePlan, input: TableInput): TablePlan {
  return planRowTable(plan, input, BY_EXPORT);
}

const BY_EXPORT: RowWay<ExportMove> = {
  rows: exportMove,
  statements: exportedStatements,
  probed,
  decision: ({ exports: { holder } }) => ({
    rule: 'export-import',
    reason: `the source exports the table to a directory below ${holder}, Hive of the target imports it from there; the directory is removed afterwards`,
  }),
  countedBecause: 'IMPORT may name and arrange files in another way than the source: rows are counted instead',
  partitions: {
    storageOf: ({ storage }) => ({ ...storage, columns: storage.columns.map(withoutEmptyComment) }),
    placed: { rule: 'placed-by-import', reason: 'IMPORT writes each partition in the directory of its name' },
    bringsProperties: true,
  },
};

function exportMove(input: TableInput, { expected, move }: ExpectedMove): ExportMove {
  const working = workingOf({ ...withoutOwner(expected), database: PREFLIGHT_DATABASE }, { expected, move });
  const { source, target } = input.clusters;
  const holder = input.settings.exportsAt ?? source.externalWarehouse;
  return {
    exports: {
      holder,
      side: namespaceOf(holder) === target.namespace ? 'target' : 'source',
      ...(isTransactional(input.source.table) ? {} : { files: move.from }),
    },
    working,
    destination: move.to,
  };
}

/** As people read them; an attempt has its own names. */
function exportedStatements({ source: { table } }: TableInput, rows: ExportMove): TablePlan['statements'] {
  const at = exportOfAttempt(rows, { stem: stemOf(ANY_ATTEMPT), attempt: ANY_ATTEMPT });
  return [
    ...exportStatements({ database: table.database, table: table.name }, at),
    ...importStatements(rows, ANY_ATTEMPT, at),
    ...publishStatements(rows, ANY_ATTEMPT),
  ];
}

/** A directory that is there: no partition of it is looked at. */
function probed({ source: { table } }: TableInput, { exports: { holder } }: ExportMove): Table {
  return {
    database: PREFLIGHT_DATABASE,
    name: table.name,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [{ name: 'hiveferry_probe', type: 'string' }],
    parameters: { 'external.table.purge': 'false', bucketing_version: '2' },
    storage: { columns: [{ name: 'line', type: 'string' }], ...PLAIN_TEXT, location: holder },
  };
}

const PLAIN_TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: { serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: {} },
  compressed: false,
  numBuckets: 0,
  bucketColumns: [],
  sortColumns: [],
  storedAsSubDirectories: false,
  parameters: {},
};
