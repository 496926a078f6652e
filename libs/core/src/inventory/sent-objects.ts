import { OWNER_TYPES, TABLE_TYPES } from '../model/table.ts';
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
} from '../model/table.ts';

/**
 * Metadata objects as a metastore's interfaces send them, under the names of `hive_metastore.thrift`: over Thrift, as JSON of HiveServer2, or
 * as rows of its database. Absent is null, empty, or not there at all; every reader makes the model's values of them here.
 */
type Sent<T> = T | null | undefined;

export interface SentColumn {
  readonly name: string;
  readonly type: string;
  readonly comment?: Sent<string>;
}

export interface SentSerDe {
  readonly name?: Sent<string>;
  readonly serializationLib?: Sent<string>;
  readonly parameters?: Sent<Parameters>;
}

export interface SentStorage {
  readonly cols?: Sent<readonly SentColumn[]>;
  readonly location?: Sent<string>;
  readonly inputFormat?: Sent<string>;
  readonly outputFormat?: Sent<string>;
  readonly compressed?: Sent<boolean>;
  /** -1 or 0 when not bucketed. */
  readonly numBuckets?: Sent<number>;
  readonly serdeInfo?: Sent<SentSerDe>;
  readonly bucketCols?: Sent<readonly string[]>;
  /** Order 1 is ascending. */
  readonly sortCols?: Sent<readonly { readonly col: string; readonly order: number }[]>;
  readonly parameters?: Sent<Parameters>;
  readonly skewedInfo?: Sent<{
    readonly skewedColNames?: Sent<readonly string[]>;
    readonly skewedColValues?: Sent<readonly (readonly string[])[]>;
  }>;
  readonly storedAsSubDirectories?: Sent<boolean>;
}

/** Number of `PrincipalType`, or its name. */
type SentOwnerType = Sent<number | string>;

export interface SentTable {
  readonly dbName: string;
  readonly tableName: string;
  readonly tableType?: Sent<string>;
  readonly owner?: Sent<string>;
  readonly ownerType?: SentOwnerType;
  readonly sd?: Sent<SentStorage>;
  readonly partitionKeys?: Sent<readonly SentColumn[]>;
  readonly parameters?: Sent<Parameters>;
  readonly viewOriginalText?: Sent<string>;
  readonly viewExpandedText?: Sent<string>;
}

export interface SentPartition {
  readonly values?: Sent<readonly string[]>;
  readonly sd?: Sent<SentStorage>;
  readonly parameters?: Sent<Parameters>;
}

export interface SentDatabase {
  readonly name: string;
  readonly description?: Sent<string>;
  readonly locationUri?: Sent<string>;
  readonly managedLocationUri?: Sent<string>;
  readonly parameters?: Sent<Parameters>;
  readonly ownerName?: Sent<string>;
  readonly ownerType?: SentOwnerType;
}

/** @throws Error with the reason when it is no table that the model knows */
export function tableOfSent(table: SentTable): Table {
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

export function partitionOfSent(partition: SentPartition): Partition {
  return { values: list(partition.values), storage: toStorage(partition.sd), parameters: map(partition.parameters) };
}

export function databaseOfSent(database: SentDatabase): Database {
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

function toStorage(sd: Sent<SentStorage>): StorageDescriptor {
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

function toColumns(fields: Sent<readonly SentColumn[]>): readonly Column[] {
  return list(fields).map((field) => {
    const comment = text(field.comment);
    return comment === undefined ? { name: field.name, type: field.type } : { name: field.name, type: field.type, comment };
  });
}

function toSerDe(serde: Sent<SentSerDe>): SerDeInfo {
  const name = text(serde?.name);
  const serializationLib = text(serde?.serializationLib);
  return {
    ...(name === undefined ? {} : { name }),
    ...(serializationLib === undefined ? {} : { serializationLib }),
    parameters: map(serde?.parameters),
  };
}

/** The metastore sends an empty object for a table that is not skewed. */
function toSkewed(info: SentStorage['skewedInfo']): SkewedInfo | undefined {
  const columns = list(info?.skewedColNames);
  return columns.length === 0 ? undefined : { columns, values: list(info?.skewedColValues) };
}

function toOwner(name: Sent<string>, type: SentOwnerType): Owner | undefined {
  const known = text(name);
  return known === undefined ? undefined : { name: known, type: toOwnerType(type) };
}

/** USER when nothing was sent: so does the interface's own default. */
function toOwnerType(type: SentOwnerType): OwnerType {
  const known = typeof type === 'string' ? OWNER_TYPES.find((each) => each === type) : OWNER_TYPES[(type ?? 1) - 1];
  return known ?? 'USER';
}

/** Old tables and those made by other engines may come without a type; Hive then goes by `EXTERNAL` and the view text, and so do we. */
function toTableType(table: SentTable): TableType {
  const sent = text(table.tableType);
  if (sent === undefined) return impliedTableType(table);
  const known = TABLE_TYPES.find((type) => type === sent);
  if (known === undefined) throw new Error(`its type ${sent} is not one of ${TABLE_TYPES.join(', ')}`);
  return known;
}

function impliedTableType(table: SentTable): TableType {
  if (text(table.viewOriginalText) !== undefined) return 'VIRTUAL_VIEW';
  return map(table.parameters)['EXTERNAL']?.toUpperCase() === 'TRUE' ? 'EXTERNAL_TABLE' : 'MANAGED_TABLE';
}

const text = (sent: Sent<string>): string | undefined => (sent === null || sent === '' ? undefined : sent);
const list = <T>(sent: Sent<readonly T[]>): readonly T[] => sent ?? [];
const map = (sent: Sent<Parameters>): Parameters => sent ?? {};
const flag = (sent: Sent<boolean>): boolean => sent ?? false;
const count = (sent: Sent<number>): number => sent ?? 0;
