import type { SqlDialect } from './metastore-connection.ts';

/** Columns that not every version of Hive has. */
export interface MetastoreColumns {
  /** Since Hive 3. */
  readonly hasCatalogs: boolean;
  /** Since Hive 3. */
  readonly hasOwnerType: boolean;
  /** Since Hive 4. */
  readonly hasManagedLocation: boolean;
}

/** @returns rows of table and column */
export const columnsOfSchema = ({ isOurs }: SqlDialect): string => `
  select upper(table_name) as "table", upper(column_name) as "column" from information_schema.columns
  where upper(table_name) in ('DBS', 'TBLS') and upper(column_name) in ('CTLG_NAME', 'OWNER_TYPE', 'DB_MANAGED_LOCATION_URI')
    and ${isOurs('table_schema')}`;

/** Only the default catalog: Hive knows no other one unless it is told to. */
const inCatalog = ({ hasCatalogs }: MetastoreColumns, alias: string): string => (hasCatalogs ? `${alias}."CTLG_NAME" = 'hive'` : '1 = 1');

export const databaseNames = (columns: MetastoreColumns): string =>
  `select d."NAME" as "name" from "DBS" d where ${inCatalog(columns, 'd')}`;

/** By name. */
export const databaseOfName = (columns: MetastoreColumns, { parameter }: SqlDialect): string => `
  select d."DB_ID" as "id", d."NAME" as "name", d."DESC" as "description", d."DB_LOCATION_URI" as "location",
    ${columns.hasManagedLocation ? 'd."DB_MANAGED_LOCATION_URI"' : 'null'} as "managed", d."OWNER_NAME" as "owner", d."OWNER_TYPE" as "ownerType"
  from "DBS" d where d."NAME" = ${parameter(1)} and ${inCatalog(columns, 'd')}`;

/** By database. */
export const functionNames = (columns: MetastoreColumns, { parameter }: SqlDialect): string => `
  select f."FUNC_NAME" as "name" from "FUNCS" f join "DBS" d on d."DB_ID" = f."DB_ID"
  where d."NAME" = ${parameter(1)} and ${inCatalog(columns, 'd')}`;

/** By database and the name before, in the order of the names. */
export const tableNamesAfter = (columns: MetastoreColumns, { parameter, byCode }: SqlDialect, limit: number): string => `
  select t."TBL_NAME" as "name" from "TBLS" t join "DBS" d on d."DB_ID" = t."DB_ID"
  where d."NAME" = ${parameter(1)} and ${inCatalog(columns, 'd')} and ${byCode('t."TBL_NAME"')} > ${parameter(2)}
  order by ${byCode('t."TBL_NAME"')} limit ${limit}`;

const STORAGE_COLUMNS = `
  s."SD_ID" as "storage", s."CD_ID" as "columns", s."SERDE_ID" as "serde", s."LOCATION" as "location", s."INPUT_FORMAT" as "inputFormat",
  s."OUTPUT_FORMAT" as "outputFormat", s."IS_COMPRESSED" as "compressed", s."NUM_BUCKETS" as "numBuckets",
  s."IS_STOREDASSUBDIRECTORIES" as "subDirectories", e."NAME" as "serdeName", e."SLIB" as "serdeLib"`;

const STORAGE_JOINS = 'left join "SDS" s on s."SD_ID" = o."SD_ID" left join "SERDES" e on e."SERDE_ID" = s."SERDE_ID"';

/** By database and names. */
export const tablesOfNames = (columns: MetastoreColumns, { parameter, oneOf }: SqlDialect): string => `
  select o."TBL_ID" as "id", d."NAME" as "database", o."TBL_NAME" as "name", o."TBL_TYPE" as "type", o."OWNER" as "owner",
    ${columns.hasOwnerType ? 'o."OWNER_TYPE"' : 'null'} as "ownerType", o."VIEW_ORIGINAL_TEXT" as "viewOriginal",
    o."VIEW_EXPANDED_TEXT" as "viewExpanded", ${STORAGE_COLUMNS}
  from "TBLS" o join "DBS" d on d."DB_ID" = o."DB_ID" ${STORAGE_JOINS}
  where d."NAME" = ${parameter(1)} and ${inCatalog(columns, 'd')} and ${oneOf('o."TBL_NAME"', 2)}`;

/** By database and table. */
export const tableId = (columns: MetastoreColumns, { parameter }: SqlDialect): string => `
  select t."TBL_ID" as "id" from "TBLS" t join "DBS" d on d."DB_ID" = t."DB_ID"
  where d."NAME" = ${parameter(1)} and t."TBL_NAME" = ${parameter(2)} and ${inCatalog(columns, 'd')}`;

/** By table and the name before, in the order of the names. */
export const partitionIdsAfter = ({ parameter, byCode }: SqlDialect, limit: number): string => `
  select p."PART_ID" as "id", p."PART_NAME" as "name" from "PARTITIONS" p
  where p."TBL_ID" = ${parameter(1)} and ${byCode('p."PART_NAME"')} > ${parameter(2)}
  order by ${byCode('p."PART_NAME"')} limit ${limit}`;

/** By id. */
export const partitionsOfIds = ({ oneOf }: SqlDialect): string => `
  select o."PART_ID" as "id", ${STORAGE_COLUMNS} from "PARTITIONS" o ${STORAGE_JOINS} where ${oneOf('o."PART_ID"', 1)}`;

/** Tables of key and value, by the object that they belong to. */
export type ParameterTable = readonly [
  table: 'DATABASE_PARAMS' | 'TABLE_PARAMS' | 'PARTITION_PARAMS' | 'SD_PARAMS' | 'SERDE_PARAMS',
  owner: 'DB_ID' | 'TBL_ID' | 'PART_ID' | 'SD_ID' | 'SERDE_ID',
];

export const parametersOf = ([table, owner]: ParameterTable, { oneOf }: SqlDialect): string =>
  `select "${owner}" as "owner", "PARAM_KEY" as "key", "PARAM_VALUE" as "value" from "${table}" where ${oneOf(`"${owner}"`, 1)}`;

export const columnsOf = ({ oneOf }: SqlDialect): string => `
  select "CD_ID" as "owner", "COLUMN_NAME" as "name", "TYPE_NAME" as "type", "COMMENT" as "comment"
  from "COLUMNS_V2" where ${oneOf('"CD_ID"', 1)} order by "CD_ID", "INTEGER_IDX"`;

export const partitionKeysOf = ({ oneOf }: SqlDialect): string => `
  select "TBL_ID" as "owner", "PKEY_NAME" as "name", "PKEY_TYPE" as "type", "PKEY_COMMENT" as "comment"
  from "PARTITION_KEYS" where ${oneOf('"TBL_ID"', 1)} order by "TBL_ID", "INTEGER_IDX"`;

export const partitionValuesOf = ({ oneOf }: SqlDialect): string => `
  select "PART_ID" as "owner", "PART_KEY_VAL" as "value" from "PARTITION_KEY_VALS" where ${oneOf('"PART_ID"', 1)}
  order by "PART_ID", "INTEGER_IDX"`;

export const bucketColumnsOf = ({ oneOf }: SqlDialect): string => `
  select "SD_ID" as "owner", "BUCKET_COL_NAME" as "value" from "BUCKETING_COLS" where ${oneOf('"SD_ID"', 1)} order by "SD_ID", "INTEGER_IDX"`;

export const sortColumnsOf = ({ oneOf }: SqlDialect): string => `
  select "SD_ID" as "owner", "COLUMN_NAME" as "name", "ORDER" as "order" from "SORT_COLS" where ${oneOf('"SD_ID"', 1)}
  order by "SD_ID", "INTEGER_IDX"`;

export const skewedColumnsOf = ({ oneOf }: SqlDialect): string => `
  select "SD_ID" as "owner", "SKEWED_COL_NAME" as "value" from "SKEWED_COL_NAMES" where ${oneOf('"SD_ID"', 1)} order by "SD_ID", "INTEGER_IDX"`;

/** One row a value; those of one list stand together. */
export const skewedValuesOf = ({ oneOf }: SqlDialect): string => `
  select v."SD_ID_OID" as "owner", v."STRING_LIST_ID_EID" as "list", l."STRING_LIST_VALUE" as "value"
  from "SKEWED_VALUES" v join "SKEWED_STRING_LIST_VALUES" l on l."STRING_LIST_ID" = v."STRING_LIST_ID_EID"
  where ${oneOf('v."SD_ID_OID"', 1)} order by v."SD_ID_OID", v."INTEGER_IDX", l."INTEGER_IDX"`;
