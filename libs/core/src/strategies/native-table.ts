import { formatOf } from '../inventory/format.ts';
import { partitionName } from '../inventory/partition-name.ts';
import { targetDatabase } from '../inventory/table-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { variableIssues } from '../inventory/variable-names.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { parseLocation } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import { displayName } from '../model/table.ts';
import type { Table } from '../model/table.ts';
import { copiedPath, schemaUrlOf } from '../translate/schema-file.ts';
import { summary } from '../translate/map-table.ts';

/** What kind of transactional table it is, in words; undefined for any other. */
export function transactionalKind(table: Table): 'insert-only transactional' | 'full ACID' | undefined {
  if (parameter(table, 'transactional').toLowerCase() !== 'true') return undefined;
  return parameter(table, 'transactional_properties').toLowerCase() === 'insert_only' ? 'insert-only transactional' : 'full ACID';
}

/** Materialised views, tables whose data another system keeps, and names that Hive would not read as they stand. */
export function refuseOtherKinds({ source: { table }, settings }: TableInput): readonly Issue[] {
  const pair = { name: table.name, source: { table, partitions: [], definition: [] } };
  const hostile = variableIssues(subjectOf(table), pair, [table.database, targetDatabase(table.database, settings)]);
  if (hostile.length > 0) return hostile;
  if (table.tableType === 'MATERIALIZED_VIEW') return [issue('MATERIALIZED_VIEW', subjectOf(table))];
  const handler = table.tableType === 'VIRTUAL_VIEW' ? undefined : handlerOf(table);
  return handler === undefined ? [] : [issue('NON_NATIVE_TABLE', subjectOf(table), { handler })];
}

/** Iceberg, Delta and Hudi keep their own list of files, partly in directories that Hive hides. */
function handlerOf(table: Table): string | undefined {
  const handler = table.parameters['storage_handler'];
  if (handler !== undefined) return handler;
  const named = [parameter(table, 'table_type'), parameter(table, 'spark.sql.sources.provider'), table.storage.inputFormat ?? ''];
  return named.find((text) => /^(iceberg|delta|hudi)$|hoodie/i.test(text));
}

/** Views that cannot be created from their text alone, and what is lost of the others. */
export function refuseViews({ source: { table }, settings }: TableInput): readonly Issue[] {
  if (table.tableType !== 'VIRTUAL_VIEW') return [];
  const text = table.viewExpandedText ?? table.viewOriginalText ?? '';
  return [
    ...(text === '' ? [issue('VIEW_TEXT_MISSING', subjectOf(table))] : []),
    ...(settings.databasePrefix === '' ? [] : [issue('VIEW_WITH_DATABASE_PREFIX', subjectOf(table), { prefix: settings.databasePrefix })]),
    ...(table.owner === undefined ? [] : [issue('VIEW_OWNER_NOT_SET', subjectOf(table))]),
  ];
}

/** Properties that are not carried over as they are. */
export function noteProperties(input: TableInput): readonly Issue[] {
  const { table } = input.source;
  const isDropped = parameter(table, 'discover.partitions').toLowerCase() === 'true' && input.settings.partitionDiscovery?.auto !== true;
  return [...(isDropped ? [issue('PARTITION_DISCOVERY_OFF', subjectOf(table))] : []), ...warnOfSchemaFile(input)];
}

function warnOfSchemaFile({ source: { table }, clusters }: TableInput): readonly Issue[] {
  const url = schemaUrlOf(table);
  const { namespace } = clusters.source;
  const directory = parseLocation(table.storage.location ?? '', namespace);
  if (url === undefined || (directory !== undefined && copiedPath(url, directory, namespace) !== undefined)) return [];
  return [issue('SCHEMA_URL_AT_SOURCE', subjectOf(table), { url })];
}

/** Partitions with another format than their table. */
export function warnOfFormats({ source: { table, partitions } }: TableInput): readonly Issue[] {
  const own = formatOf(table.storage);
  const others = partitions
    .filter(({ storage }) => formatOf(storage) !== own)
    .map(({ values }) => ({ name: partitionName(table.partitionKeys, values) }));
  return summary(
    'PARTITION_FORMAT_DIFFERS',
    subjectOf(table),
    sortedBy(others, ({ name }) => name),
  );
}

/** A table parameter, whatever the case of its key; empty when absent. */
export function parameter(table: Table, key: string): string {
  return Object.entries(table.parameters).find(([name]) => name.toLowerCase() === key)?.[1] ?? '';
}

/** The table as issues name it. */
export function subjectOf(table: Table): string {
  return displayName({ database: table.database, table: table.name });
}
