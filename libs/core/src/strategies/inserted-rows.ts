import { formatOf } from '../inventory/format.ts';
import { partitionName } from '../inventory/partition-name.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { parseLocation } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import { summary } from '../translate/map-table.ts';
import { copiedPath, schemaUrlOf } from '../translate/schema-file.ts';
import { noteProperties, parameter, refuseOtherKinds, refuseViews, subjectOf } from './native-table.ts';

/** What stands against a table of the target into which Hive inserts the rows of the source's: transactions do not. */
export function acceptsInsertedRows(input: TableInput): readonly Issue[] {
  return [
    ...refuseOtherKinds(input),
    ...refuseViews(input),
    ...refuseSchemaFile(input),
    ...refuseHeaders(input),
    ...noteProperties(input),
    ...noteFormats(input),
  ];
}

/** CREATE reads the schema, and no copy brings it. */
export function refuseSchemaFile({ source: { table }, clusters }: TableInput): readonly Issue[] {
  const url = schemaUrlOf(table);
  const { namespace } = clusters.source;
  const directory = parseLocation(table.storage.location ?? '', namespace);
  if (url === undefined || directory === undefined || copiedPath(url, directory, namespace) === undefined) return [];
  return [issue('SCHEMA_FILE_NOT_INSERTED', subjectOf(table), { url })];
}

/** Hive skips such lines when it reads, and writes none: the first rows of each file would be lost. */
function refuseHeaders({ source: { table } }: TableInput): readonly Issue[] {
  const skipped = HEADERS.filter((key) => !['', '0'].includes(parameter(table, key)));
  return skipped.length === 0 ? [] : [issue('ROWS_WITH_HEADER', subjectOf(table), { properties: skipped })];
}

const HEADERS: readonly string[] = ['skip.header.line.count', 'skip.footer.line.count'];

function noteFormats({ source: { table, partitions } }: TableInput): readonly Issue[] {
  const own = formatOf(table.storage);
  const others = partitions
    .filter(({ storage }) => formatOf(storage) !== own)
    .map(({ values }) => ({ name: partitionName(table.partitionKeys, values) }));
  return summary(
    'PARTITION_FORMAT_UNIFIED',
    subjectOf(table),
    sortedBy(others, ({ name }) => name),
  );
}
