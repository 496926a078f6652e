import { setTableProperties } from '../hiveql/script-statements.ts';
import { isExternal, isIceberg } from '../inventory/table-kind.ts';
import { draft, leftAlone, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Parameters } from '../model/table.ts';
import { executed, nameOf } from '../plan/script-statements.ts';
import { noWayBack, withUndo } from '../plan/undo.ts';
import type { DataStrategy } from './strategy.ts';

const HANDLER = 'org.apache.iceberg.mr.hive.HiveIcebergStorageHandler';

/** File formats that Iceberg reads as they are, by input format. */
const FORMATS: Readonly<Record<string, string>> = {
  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat': 'orc',
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat': 'parquet',
  'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat': 'avro',
};

/** An external table of the source becomes an Iceberg table over the same files. An Iceberg table holds absolute paths: a plain copy of it is refused. */
export const icebergConversion: DataStrategy = {
  name: 'ICEBERG_CONVERSION',
  distcp: { role: 'DEPENDS', used: 'Varies', artefacts: 'Conditional' },
  script: icebergScript,
};

function icebergScript(input: ScriptInput): TableDraft {
  const subject = `${input.database.name}.${input.pair.name}`;
  const { source } = input.pair;
  if (source === undefined) return leftAlone('source-absent', 'the source does not have it');
  const { table } = source;
  if (isIceberg(table)) return leftAlone('iceberg-already', 'it is an Iceberg table', [issue('ICEBERG_ALREADY', subject)]);
  const format = FORMATS[table.storage.inputFormat ?? ''];
  if (!isExternal(table) || format === undefined) {
    return refused([issue('NOT_FOR_ICEBERG', subject, { kind: table.tableType, format: table.storage.inputFormat ?? 'none' })]);
  }
  const converted = executed('source', 'set-properties', setTableProperties(nameOf(table), properties(input, format)));
  const statement = withUndo(converted, noWayBack('Hive turns no Iceberg table into a plain one by its properties'));
  return draft({
    decision: 'MIGRATE',
    statements: [statement],
    decisions: [{ rule: 'iceberg-in-place', reason: `the ${format} files become an Iceberg table where they are` }],
  });
}

function properties({ settings: { iceberg } }: ScriptInput, format: string): Parameters {
  return {
    ...iceberg.tableProperties,
    ...(format === 'parquet' ? {} : { 'write.format.default': format }),
    ...(iceberg.formatVersion === 2 ? { 'format-version': '2' } : {}),
    storage_handler: HANDLER,
  };
}
