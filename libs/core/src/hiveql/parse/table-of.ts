import type { Column, Parameters, SerDeInfo, StorageDescriptor, Table, TableName, TableType } from '../../model/table.ts';
import type { Clauses } from './clauses.ts';
import { DEFAULT_FORMAT, withSerializationFormat } from './storage-formats.ts';

/** The parts of a statement that was read. */
export interface StatementParts {
  readonly name: TableName;
  readonly tableType: TableType;
  readonly columns: readonly Column[];
  readonly clauses: Clauses;
  /** Of a view. */
  readonly query?: string;
}

/** The table that Hive would store for the statement, without what the statement does not say. */
export function tableOf({ name, tableType, columns, clauses, query }: StatementParts): Table {
  const parameters = tableParameters(tableType, clauses);
  return {
    database: name.database,
    name: name.table,
    tableType: storedType(tableType, parameters),
    storage: storageOf(tableType, columns, clauses),
    partitionKeys: clauses.partitionKeys ?? [],
    parameters,
    ...(query === undefined ? {} : { viewOriginalText: query, viewExpandedText: query }),
  };
}

function tableParameters(tableType: TableType, { parameters, comment, handler }: Clauses): Parameters {
  return {
    ...parameters,
    ...(comment === undefined ? {} : { comment }),
    ...(handler === undefined ? {} : { storage_handler: handler }),
    ...(tableType === 'EXTERNAL_TABLE' ? { EXTERNAL: 'TRUE' } : {}),
  };
}

/** The metastore goes by the property where it says other than the statement. */
function storedType(tableType: TableType, parameters: Parameters): TableType {
  const isExternal = parameters['EXTERNAL']?.toUpperCase() === 'TRUE';
  return tableType === 'MANAGED_TABLE' && isExternal ? 'EXTERNAL_TABLE' : tableType;
}

function storageOf(tableType: TableType, columns: readonly Column[], clauses: Clauses): StorageDescriptor {
  return {
    columns,
    ...(clauses.location === undefined ? {} : { location: clauses.location }),
    compressed: false,
    numBuckets: clauses.numBuckets ?? 0,
    bucketColumns: clauses.bucketColumns ?? [],
    sortColumns: clauses.sortColumns ?? [],
    ...(clauses.skewed === undefined ? {} : { skewed: clauses.skewed }),
    storedAsSubDirectories: clauses.storedAsSubDirectories ?? false,
    parameters: {},
    ...formatOf(tableType, clauses),
  };
}

type FormatFields = Pick<StorageDescriptor, 'inputFormat' | 'outputFormat' | 'serde'>;

function formatOf(tableType: TableType, { serde, format, handler, handlerParameters }: Clauses): FormatFields {
  if (handler !== undefined) return { serde: { ...serde, parameters: { ...serde?.parameters, ...handlerParameters } } };
  const { inputFormat, outputFormat, serializationLib } = format ?? DEFAULT_FORMAT;
  // Hive gives a view the default formats and no SerDe.
  if (tableType === 'VIRTUAL_VIEW') return { inputFormat, outputFormat, serde: { parameters: {} } };
  const own: SerDeInfo = serde ?? { ...(serializationLib === undefined ? {} : { serializationLib }), parameters: {} };
  return { inputFormat, outputFormat, serde: withSerializationFormat(own) };
}
