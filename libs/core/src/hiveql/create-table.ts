import type { Column, Parameters, SkewedInfo, SortColumn, StorageDescriptor, Table } from '../model/table.ts';
import { identifier, literal, propertyList, qualified } from './quote.ts';

/** How a CREATE is written when it is not for the table's own name and place. */
export interface CreateTableOptions {
  readonly ifNotExists: boolean;
  /** @default 'external' */
  readonly kind?: 'external' | 'managed';
  /** Storage handler, as it is written: it brings SerDe and formats. */
  readonly storedBy?: string;
}

/**
 * `CREATE [EXTERNAL] TABLE` with everything said: columns, partitioning, bucketing, skew, SerDe, formats, location, properties.
 * The `comment` parameter is printed as COMMENT.
 */
export function createTable(table: Table, options: CreateTableOptions = { ifNotExists: true }): string {
  const { storage } = table;
  return lines([
    `CREATE ${options.kind === 'managed' ? '' : 'EXTERNAL '}TABLE ${options.ifNotExists ? 'IF NOT EXISTS ' : ''}${qualified({ database: table.database, table: table.name })}`,
    storage.columns.length === 0 ? undefined : `(\n${storage.columns.map((column) => `  ${columnText(column)}`).join(',\n')})`,
    commentClause(table.parameters),
    table.partitionKeys.length === 0
      ? undefined
      : `PARTITIONED BY (\n${table.partitionKeys.map((key) => `  ${columnText(key)}`).join(',\n')})`,
    clusteredBy(storage),
    skewedBy(storage.skewed, storage.storedAsSubDirectories),
    ...(options.storedBy === undefined ? formatClauses(storage) : [`STORED BY ${options.storedBy}`, serdeProperties(storage)]),
    storage.location === undefined ? undefined : `LOCATION\n  ${literal(storage.location)}`,
    propertiesClause(table.parameters),
  ]);
}

/** Clauses joined by line feeds, absent ones left out. */
export function lines(clauses: readonly (string | undefined)[]): string {
  return clauses.filter((clause) => clause !== undefined).join('\n');
}

export function commentClause(parameters: Parameters): string | undefined {
  const { comment } = parameters;
  return comment === undefined ? undefined : `COMMENT ${literal(comment)}`;
}

export function propertiesClause(parameters: Parameters): string | undefined {
  const { comment: _, ...others } = parameters;
  const list = propertyList(others);
  return list === undefined ? undefined : `TBLPROPERTIES ${list}`;
}

function columnText({ name, type, comment }: Column): string {
  return `${identifier(name)} ${columnType(type)}${comment === undefined ? '' : ` COMMENT ${literal(comment)}`}`;
}

/** Field names of structs may be keywords or hold blanks (`struct<date:string,a b:int>`): they are quoted. A colon occurs nowhere else in a type. */
export function columnType(type: string): string {
  return type.replaceAll(/([<,]\s*)([^<>,:()`\s][^<>,:()`]*?)\s*:/g, (_, before: string, name: string) => `${before}${identifier(name)}:`);
}

function clusteredBy({ numBuckets, bucketColumns, sortColumns }: StorageDescriptor): string | undefined {
  if (numBuckets <= 0 || bucketColumns.length === 0) return undefined;
  return lines([
    `CLUSTERED BY (${names(bucketColumns)})`,
    sortColumns.length === 0 ? undefined : `SORTED BY (${sortColumns.map(sortText).join(', ')})`,
    `INTO ${numBuckets} BUCKETS`,
  ]);
}

function skewedBy(skewed: SkewedInfo | undefined, asDirectories: boolean): string | undefined {
  if (skewed === undefined || skewed.columns.length === 0) return undefined;
  const values = skewed.values.map((tuple) => `(${tuple.map(literal).join(', ')})`).join(', ');
  return `SKEWED BY (${names(skewed.columns)}) ON (${values})${asDirectories ? '\nSTORED AS DIRECTORIES' : ''}`;
}

function serdeProperties({ serde }: StorageDescriptor): string | undefined {
  const properties = propertyList(serde.parameters);
  return properties === undefined ? undefined : `WITH SERDEPROPERTIES ${properties}`;
}

function formatClauses(storage: StorageDescriptor): readonly (string | undefined)[] {
  const { serde, inputFormat, outputFormat } = storage;
  return [
    serde.serializationLib === undefined ? undefined : `ROW FORMAT SERDE\n  ${literal(serde.serializationLib)}`,
    serde.serializationLib === undefined ? undefined : serdeProperties(storage),
    inputFormat === undefined || outputFormat === undefined
      ? undefined
      : `STORED AS INPUTFORMAT\n  ${literal(inputFormat)}\nOUTPUTFORMAT\n  ${literal(outputFormat)}`,
  ];
}

function sortText({ column, order }: SortColumn): string {
  return `${identifier(column)} ${order}`;
}

function names(columns: readonly string[]): string {
  return columns.map(identifier).join(', ');
}
