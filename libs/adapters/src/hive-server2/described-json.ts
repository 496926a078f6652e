import { databaseOfSent, partitionOfSent, tableOfSent } from '@hiveferry/core';
import type { Database, Partition, StorageDescriptor, Table } from '@hiveferry/core';
import type { Row } from '@hiveferry/ports';
import { z } from 'zod';

/** Hive prints the Thrift object that it got from the metastore, every field by its name, and more that nobody asked for. */
const Text = z.string().nullish();
const Parameters = z.record(z.string(), z.string()).nullish();
const Columns = z.array(z.object({ name: z.string(), type: z.string(), comment: Text })).nullish();
const Texts = z.array(z.string()).nullish();

const Storage = z.object({
  cols: Columns,
  location: Text,
  inputFormat: Text,
  outputFormat: Text,
  compressed: z.boolean().nullish(),
  numBuckets: z.int().nullish(),
  serdeInfo: z.object({ name: Text, serializationLib: Text, parameters: Parameters }).nullish(),
  bucketCols: Texts,
  sortCols: z.array(z.object({ col: z.string(), order: z.int() })).nullish(),
  parameters: Parameters,
  skewedInfo: z.object({ skewedColNames: Texts, skewedColValues: z.array(z.array(z.string())).nullish() }).nullish(),
  storedAsSubDirectories: z.boolean().nullish(),
});

const DescribedTable = z.object({
  tableInfo: z.object({
    dbName: z.string(),
    tableName: z.string(),
    tableType: Text,
    owner: Text,
    ownerType: Text,
    sd: Storage,
    partitionKeys: Columns,
    parameters: Parameters,
    viewOriginalText: Text,
    viewExpandedText: Text,
  }),
});

const DescribedPartition = z.object({ partitionInfo: z.object({ values: Texts, sd: Storage, parameters: Parameters }) });

const DescribedDatabase = z.object({
  database: z.string(),
  comment: Text,
  location: Text,
  managedLocation: Text,
  owner: Text,
  ownerType: Text,
  params: Parameters,
});

/** @throws ZodError or SyntaxError when the answer is none that Hive 3 or 4 gives */
export function describedTable(rows: readonly Row[]): Table {
  const { tableInfo: sent } = DescribedTable.parse(jsonOf(rows));
  const table = tableOfSent(sent);
  if (table.partitionKeys.length === 0) return table;
  const storage = withoutKeys(
    table.storage,
    table.partitionKeys.map(({ name }) => name),
  );
  return { ...table, storage, parameters: withoutSums(table.parameters) };
}

/** @param keys names of the partition keys */
export function describedPartition(rows: readonly Row[], keys: readonly string[]): Partition {
  const partition = partitionOfSent(DescribedPartition.parse(jsonOf(rows)).partitionInfo);
  return { ...partition, storage: withoutKeys(partition.storage, keys) };
}

export function describedDatabase(rows: readonly Row[]): Database {
  const sent = DescribedDatabase.parse(jsonOf(rows));
  return databaseOfSent({
    name: sent.database,
    description: sent.comment,
    locationUri: sent.location,
    managedLocationUri: sent.managedLocation,
    ownerName: sent.owner,
    ownerType: sent.ownerType,
    parameters: sent.params,
  });
}

/** Hive 3.1.3 adds the partition keys to the descriptor's own columns before it prints it (`DDLTask.describeTable`). */
function withoutKeys(storage: StorageDescriptor, keys: readonly string[]): StorageDescriptor {
  const own = storage.columns.length - keys.length;
  const hasKeys = own >= 0 && keys.every((key, index) => storage.columns[own + index]?.name === key);
  return hasKeys ? { ...storage, columns: storage.columns.slice(0, own) } : storage;
}

/** Before it prints a partitioned table Hive puts the sums of its partitions into its parameters. */
const SUMS = new Set(['numFiles', 'numRows', 'rawDataSize', 'totalSize', 'numFilesErasureCoded', 'numPartitions', 'COLUMN_STATS_ACCURATE']);

export function withoutSums(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !SUMS.has(key)));
}

function jsonOf([row]: readonly Row[]): unknown {
  return JSON.parse(row?.[0] ?? '');
}
