import {
  DEFAULT_PARTITION,
  MigrationError,
  canonicalJson,
  displayName,
  isSettable,
  parsePartitionName,
  partitionName,
} from '@hiveferry/core';
import type { Column, Parameters, Partition, StorageDescriptor, Table } from '@hiveferry/core';
import type { PartitionMove } from '@hiveferry/ports';

/** A partition as ADD PARTITION says it; all else it has from its table. */
interface PlacedPartition {
  /** Hive's escaped name. */
  readonly name: string;
  readonly location: string;
}

/** @throws MigrationError METASTORE_URI_MISSING when one of them is more than HiveQL can say */
export function ensureAddable(table: Table, partitions: readonly Partition[]): readonly PlacedPartition[] {
  return partitions.map((partition) => {
    const name = partitionName(table.partitionKeys, partition.values);
    const reason = valuesReason(table.partitionKeys, partition.values) ?? ownReason(table.storage, partition);
    if (reason !== undefined) throw needsThrift(table, `partition ${name} cannot be added by HiveQL: ${reason}`);
    return { name, location: partition.storage.location ?? '' };
  });
}

/** @throws MigrationError METASTORE_URI_MISSING when DROP PARTITION would remove files, or other partitions than these */
export function ensureDroppable(table: Table, names: readonly string[]): void {
  if (names.length === 0) return;
  if (!keepsFiles(table)) throw needsThrift(table, 'DROP PARTITION would remove files of this table');
  ensureNamed(table, names, 'dropped');
}

/** @throws MigrationError METASTORE_URI_MISSING when SET LOCATION would speak of other partitions than these, or cannot say a place */
export function ensureMovable(table: Table, moves: readonly PartitionMove[]): void {
  ensureNamed(
    table,
    moves.map(({ name }) => name),
    'moved',
  );
  const unsayable = moves.find(({ to }) => !isSettable(to));
  if (unsayable === undefined) return;
  throw needsThrift(table, `partition ${unsayable.name} cannot be moved by HiveQL: SET LOCATION takes no such place as ${unsayable.to}`);
}

function ensureNamed(table: Table, names: readonly string[], done: 'dropped' | 'moved'): void {
  for (const name of names) {
    const values = (parsePartitionName(name) ?? []).map(({ value }) => value);
    const reason = valuesReason(table.partitionKeys, values);
    if (reason !== undefined) throw needsThrift(table, `partition ${name} cannot be ${done} by HiveQL: ${reason}`);
  }
}

function keepsFiles({ tableType, parameters }: Table): boolean {
  const owns = Object.entries(parameters).some(
    ([key, value]) => key.toLowerCase() === 'external.table.purge' && value.toLowerCase() === 'true',
  );
  return tableType === 'EXTERNAL_TABLE' && !owns;
}

/** Hive casts each value to the type of its key and writes it its own way (`01` becomes `1`): these are written as they are. */
const SAME_WHEN: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:string|varchar\(\d+\))$/, /^/],
  [/^char\(\d+\)$/, /[^ ]$/],
  [/^(?:tinyint|smallint|int|bigint)$/, /^(?:0|-?[1-9]\d*)$/],
  [/^date$/, /^\d{4}-\d{2}-\d{2}$/],
];

function valuesReason(keys: readonly Column[], values: readonly string[]): string | undefined {
  if (values.length !== keys.length || values.includes('')) return 'it has no value for each key';
  if (values.some((value) => value.includes(DEFAULT_PARTITION))) return 'Hive refuses the default partition in statements (error 10111)';
  const changed = keys.find(({ type }, index) => !SAME_WHEN.some(([types, text]) => types.test(type) && text.test(values[index] ?? '')));
  return changed === undefined ? undefined : `Hive may write the value of its key ${changed.name} (${changed.type}) another way`;
}

/** What Hive keeps of its own. */
const KEPT_BY_HIVE =
  /^(?:numRows|rawDataSize|totalSize|numFiles|numFilesErasureCoded|COLUMN_STATS_ACCURATE|transient_lastDdlTime|last_modified_(?:by|time))$/;

/** ADD PARTITION gives the table's descriptor, and no parameters. */
function ownReason(table: StorageDescriptor, { storage, parameters }: Partition): string | undefined {
  if (storage.location === undefined) return 'it has no location';
  const own = Object.keys(parameters).filter((key) => !KEPT_BY_HIVE.test(key));
  if (own.length > 0) return `it has parameters of its own (${own.sort().join(', ')})`;
  const differing = Object.entries(PARTS).find(([, part]) => canonicalJson(part(storage)) !== canonicalJson(part(table)));
  return differing === undefined ? undefined : `its ${differing[0]} are not those of the table`;
}

const PARTS: Readonly<Record<string, (storage: StorageDescriptor) => unknown>> = {
  'formats and SerDe': ({ inputFormat, outputFormat, serde }) => [inputFormat ?? '', outputFormat ?? '', serde.serializationLib ?? ''],
  'SerDe parameters': ({ serde }) => withFormat(serde.parameters),
  columns: ({ columns }) => columns.map(({ name, type }) => [name, type]),
  'buckets and order': ({ numBuckets, bucketColumns, sortColumns }) => [numBuckets, bucketColumns, sortColumns],
  'skewed values': ({ skewed, storedAsSubDirectories }) => [skewed ?? '', storedAsSubDirectories],
};

/** Hive sets it where it is not said, and prints its control characters as numbers. */
function withFormat({ 'serialization.format': format = '1', ...others }: Parameters): Parameters {
  const isControl = format.length === 1 && format < '\n';
  return { ...others, 'serialization.format': isControl ? String(format.charCodeAt(0)) : format };
}

function needsThrift({ database, name }: Table, what: string): MigrationError {
  const subject = displayName({ database, table: name });
  const message = `Table ${subject}: ${what}. The metastore can do it over Thrift: register the cluster with metastore.uri.`;
  return new MigrationError('METASTORE_URI_MISSING', message, { category: 'request', retry: 'operator', subject });
}
