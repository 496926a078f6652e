import { OWNER_TYPES, TABLE_TYPES } from '@hiveferry/core';
import type {
  Column,
  Database,
  Owner,
  OwnerType,
  Parameters,
  Partition,
  SerDeInfo,
  SkewedInfo,
  StorageDescriptor,
  Table,
  TableType,
} from '@hiveferry/core';
import type {
  ThriftDatabase,
  ThriftFieldSchema,
  ThriftPartition,
  ThriftSerDeInfo,
  ThriftSkewedInfo,
  ThriftStorageDescriptor,
  ThriftTable,
} from './thrift-binding.ts';

/** Generated code says `null` where a field was not sent, whatever its declarations say. */
type Sent<T> = T | null | undefined;

export function toTable(table: ThriftTable): Table {
  const owner = toOwner(table.owner, table.ownerType);
  const viewOriginalText = text(table.viewOriginalText);
  const viewExpandedText = text(table.viewExpandedText);
  return {
    database: table.dbName,
    name: table.tableName,
    tableType: toTableType(table),
    ...(owner === undefined ? {} : { owner }),
    storage: toStorage(table.sd),
    partitionKeys: toColumns(table.partitionKeys),
    parameters: map(table.parameters),
    ...(viewOriginalText === undefined ? {} : { viewOriginalText }),
    ...(viewExpandedText === undefined ? {} : { viewExpandedText }),
  };
}

export function toPartition(partition: ThriftPartition): Partition {
  return { values: list(partition.values), storage: toStorage(partition.sd), parameters: map(partition.parameters) };
}

export function toDatabase(database: ThriftDatabase): Database {
  const description = text(database.description);
  const locationUri = text(database.locationUri);
  const managedLocationUri = text(database.managedLocationUri);
  const owner = toOwner(database.ownerName, database.ownerType);
  return {
    name: database.name,
    ...(description === undefined ? {} : { description }),
    ...(locationUri === undefined ? {} : { locationUri }),
    ...(managedLocationUri === undefined ? {} : { managedLocationUri }),
    parameters: map(database.parameters),
    ...(owner === undefined ? {} : { owner }),
  };
}

function toStorage(sd: Sent<ThriftStorageDescriptor>): StorageDescriptor {
  if (sd === null || sd === undefined) throw new Error('it was sent without a storage descriptor');
  const location = text(sd.location);
  const inputFormat = text(sd.inputFormat);
  const outputFormat = text(sd.outputFormat);
  const skewed = toSkewed(sd.skewedInfo);
  return {
    columns: toColumns(sd.cols),
    ...(location === undefined ? {} : { location }),
    ...(inputFormat === undefined ? {} : { inputFormat }),
    ...(outputFormat === undefined ? {} : { outputFormat }),
    compressed: flag(sd.compressed),
    numBuckets: Math.max(count(sd.numBuckets), 0),
    serde: toSerDe(sd.serdeInfo),
    bucketColumns: list(sd.bucketCols),
    sortColumns: list(sd.sortCols).map(({ col, order }) => ({ column: col, order: order === 1 ? 'ASC' : 'DESC' })),
    ...(skewed === undefined ? {} : { skewed }),
    storedAsSubDirectories: flag(sd.storedAsSubDirectories),
    parameters: map(sd.parameters),
  };
}

function toColumns(fields: Sent<readonly ThriftFieldSchema[]>): readonly Column[] {
  return list(fields).map((field) => {
    const comment = text(field.comment);
    return comment === undefined ? { name: field.name, type: field.type } : { name: field.name, type: field.type, comment };
  });
}

function toSerDe(serde: Sent<ThriftSerDeInfo>): SerDeInfo {
  const name = text(serde?.name);
  const serializationLib = text(serde?.serializationLib);
  return {
    ...(name === undefined ? {} : { name }),
    ...(serializationLib === undefined ? {} : { serializationLib }),
    parameters: map(serde?.parameters),
  };
}

/** The metastore sends an empty object for a table that is not skewed. */
function toSkewed(info: Sent<ThriftSkewedInfo>): SkewedInfo | undefined {
  const columns = list(info?.skewedColNames);
  return columns.length === 0 ? undefined : { columns, values: list(info?.skewedColValues) };
}

function toOwner(name: Sent<string>, type: Sent<number>): Owner | undefined {
  const known = text(name);
  return known === undefined ? undefined : { name: known, type: toOwnerType(type) };
}

/** USER when nothing was sent: so does the interface's own default. */
function toOwnerType(type: Sent<number>): OwnerType {
  return OWNER_TYPES[(type ?? 1) - 1] ?? 'USER';
}

/** Old tables and those made by other engines may come without a type; Hive then goes by `EXTERNAL` and the view text, and so do we. */
function toTableType(table: ThriftTable): TableType {
  const sent = text(table.tableType);
  if (sent === undefined) return impliedTableType(table);
  const known = TABLE_TYPES.find((type) => type === sent);
  if (known === undefined) throw new Error(`its type ${sent} is not one of ${TABLE_TYPES.join(', ')}`);
  return known;
}

function impliedTableType(table: ThriftTable): TableType {
  if (text(table.viewOriginalText) !== undefined) return 'VIRTUAL_VIEW';
  return map(table.parameters)['EXTERNAL']?.toUpperCase() === 'TRUE' ? 'EXTERNAL_TABLE' : 'MANAGED_TABLE';
}

const text = (sent: Sent<string>): string | undefined => (sent === null || sent === '' ? undefined : sent);
const list = <T>(sent: Sent<readonly T[]>): readonly T[] => sent ?? [];
const map = (sent: Sent<Parameters>): Parameters => sent ?? {};
const flag = (sent: Sent<boolean>): boolean => sent ?? false;
const count = (sent: Sent<number>): number => sent ?? 0;
