import { OWNER_TYPES, databaseOfSent, parseCreate, parseCreateDatabase, partitionOfSent, tableOfSent } from '@hiveferry/core';
import type { Database, Parameters, Partition, SentStorage, SentTable, StorageDescriptor, Table, TableName } from '@hiveferry/core';
import type { Row } from '@hiveferry/ports';
import { unescaped, withoutBlanks } from './described-text.ts';
import type { DescribedText } from './described-text.ts';

/*
 * Objects from what Hive prints for people. DESCRIBE FORMATTED says all of them but pads short values, separates lists by commas and cuts
 * lines at tabs; SHOW CREATE says exactly what a statement can say; DESCRIBE EXTENDED says the queries of views exactly. None says the name of
 * a SerDe or the parameters of a descriptor. What is no text of Hive 3 or 4 is thrown as Error with the reason.
 */

/** @param created rows of SHOW CREATE TABLE */
export function tableOfTexts(name: TableName, text: DescribedText, created: readonly Row[]): Table {
  const exact = parseCreate(textOf(created), { database: name.database });
  if (exact.kind === 'syntax-error') throw new Error(`SHOW CREATE TABLE cannot be read: ${exact.message}`);
  const { storage, parameters } = exact.table;
  return tableOfSent({
    ...headOf(name, text),
    sd: { ...storageOf(text, storage), ...listsOf(storage) },
    parameters: exactly(text.pairs('Table Parameters'), parameters),
  });
}

/** @param extended rows of DESCRIBE EXTENDED */
export function viewOfTexts(name: TableName, text: DescribedText, extended: readonly Row[]): Table {
  return tableOfSent({ ...headOf(name, text), sd: { ...storageOf(text), ...printedLists(text) }, ...queriesOf(extended) });
}

function headOf(name: TableName, text: DescribedText): SentTable {
  return {
    dbName: name.database.toLowerCase(),
    tableName: name.table.toLowerCase(),
    tableType: text.value('Table Type'),
    owner: text.value('Owner'),
    ownerType: text.value('OwnerType'),
    partitionKeys: text.partitionKeys,
    parameters: text.pairs('Table Parameters'),
  };
}

/** One line holds all fields of the table, escaped. */
function queriesOf(extended: readonly Row[]): Pick<SentTable, 'viewOriginalText' | 'viewExpandedText'> {
  const line = extended.find(([label]) => label === 'Detailed Table Information')?.[1] ?? '';
  const [, original, expanded] = QUERIES.exec(line) ?? [];
  if (original === undefined || expanded === undefined || line.split(FIELD).length !== 4) {
    throw new Error('DESCRIBE EXTENDED does not say clearly where its query begins and ends');
  }
  return { viewOriginalText: unescaped(original), viewExpandedText: unescaped(expanded) };
}

const QUERIES = /, viewOriginalText:(.*), viewExpandedText:(.*), tableType:[A-Z_]*VIEW\b/s;
const FIELD = /, (?:viewOriginalText|viewExpandedText|tableType):/;

/** @param table says exactly what the partition has from it */
export function partitionOfText(values: readonly string[], text: DescribedText, table: Table): Partition {
  return partitionOfSent({
    values,
    sd: { ...storageOf(text, table.storage), ...printedLists(text, table.storage) },
    parameters: text.pairs('Partition Parameters'),
  });
}

/**
 * @param described rows of DESCRIBE DATABASE EXTENDED: they say the owner
 * @param created rows of SHOW CREATE DATABASE: they say the rest exactly
 */
export function databaseOfTexts(described: readonly Row[], created: readonly Row[]): Database {
  const exact = parseCreateDatabase(textOf(created));
  if (exact.kind === 'syntax-error') throw new Error(`SHOW CREATE DATABASE cannot be read: ${exact.message}`);
  const cells = described.flat();
  const at = cells.findIndex((cell) => OWNER_TYPES.some((type) => type === cell));
  const { name, description, locationUri, managedLocationUri, parameters } = exact.database;
  const owner = at < 1 ? {} : { ownerName: cells[at - 1], ownerType: cells[at] };
  return databaseOfSent({ name, description, locationUri, managedLocationUri, parameters, ...owner });
}

const textOf = (rows: readonly Row[]): string => rows.map(([line]) => line ?? '').join('\n');

/** All but the lists. */
function storageOf(text: DescribedText, exact?: StorageDescriptor): SentStorage {
  return {
    cols: text.columns,
    location: text.value('Location'),
    inputFormat: text.value('InputFormat'),
    outputFormat: text.value('OutputFormat'),
    compressed: text.value('Compressed') === 'Yes',
    numBuckets: Number(text.value('Num Buckets') ?? 0),
    serdeInfo: {
      serializationLib: text.value('SerDe Library'),
      parameters: exactly(text.pairs('Storage Desc Params'), exact?.serde.parameters ?? {}),
    },
    storedAsSubDirectories: text.value('Stored As SubDirectories') === 'Yes',
  };
}

type Lists = Pick<SentStorage, 'bucketCols' | 'sortCols' | 'skewedInfo'>;

function listsOf({ bucketColumns, sortColumns, skewed }: StorageDescriptor): Lists {
  return {
    bucketCols: bucketColumns,
    sortCols: sortColumns.map(({ column, order }) => ({ col: column, order: order === 'ASC' ? 1 : 0 })),
    skewedInfo: { skewedColNames: skewed?.columns, skewedColValues: skewed?.values },
  };
}

/** Lists are separated by commas, which may stand in a value too: those that look like the table's are the table's. */
function printedLists(text: DescribedText, table?: StorageDescriptor): Lists {
  const skew = table?.skewed;
  const values = text.value('Skewed Values') ?? '[]';
  const isTables = skew !== undefined && values === printed(skew.values.map(printed));
  return {
    bucketCols: itemsOf(text.value('Bucket Columns') ?? '[]'),
    sortCols: Array.from((text.value('Sort Columns') ?? '').matchAll(/Order\(col:(.*?), order:(\d+)\)/g), ([, col = '', order]) => ({
      col,
      order: Number(order),
    })),
    skewedInfo: {
      skewedColNames: itemsOf(text.value('Skewed Columns') ?? '[]'),
      skewedColValues: isTables ? skew.values : tuplesOf(values),
    },
  };
}

const printed = (items: readonly string[]): string => `[${items.join(', ')}]`;
const tuplesOf = (lists: string): readonly (readonly string[])[] =>
  lists === '[]'
    ? []
    : lists
        .slice(1, -1)
        .split(/(?<=\]), (?=\[)/)
        .map(itemsOf);
const itemsOf = (list: string): readonly string[] => (list === '[]' ? [] : list.slice(1, -1).split(', '));

/** Blanks at the end are lost in what is described: a value that is the exact one but for them is the exact one. */
function exactly(described: Parameters, exact: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(described).map(([key, value]) => {
      const same = exact[key];
      return [key, same !== undefined && withoutBlanks(same) === value ? same : value];
    }),
  );
}
