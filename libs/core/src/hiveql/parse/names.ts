import type { SortColumn, TableName } from '../../model/table.ts';
import type { TokenReader } from './token-reader.ts';

/** Items in parentheses, separated by commas. */
export function readList<T>(reader: TokenReader, readItem: () => T): readonly T[] {
  reader.expectSymbol('(');
  const items = [readItem()];
  while (reader.acceptSymbol(',')) items.push(readItem());
  if (!reader.isAtSymbol(')')) throw reader.fault('`,` or `)`');
  reader.take();
  return items;
}

/** The same, or nothing between the parentheses: so Hive prints a table whose SerDe knows no columns. */
export function readListOrNothing<T>(reader: TokenReader, readItem: () => T): readonly T[] {
  if (!reader.isAtEmptyList()) return readList(reader, readItem);
  reader.take();
  reader.take();
  return [];
}

/** Hive up to 3.0 prints `db.table` between one pair of backticks. */
export function readTableName(reader: TokenReader, database: string): TableName {
  const first = reader.identifier('a table name');
  if (reader.acceptSymbol('.')) return { database: first, table: reader.identifier('a table name') };
  const prefix = `${database}.`;
  const isQualified = first.toLowerCase().startsWith(prefix.toLowerCase()) && first.length > prefix.length;
  return { database, table: isQualified ? first.slice(prefix.length) : first };
}

/** Column names, which Hive up to 3 prints bare in CLUSTERED BY and SKEWED BY, whatever is in them. */
export function readColumnNames(reader: TokenReader): readonly string[] {
  return readList(reader, () => readColumnName(reader));
}

export function readSortColumns(reader: TokenReader): readonly SortColumn[] {
  return readList(reader, () => {
    if (reader.next.kind === 'quoted') return { column: reader.take().text, order: readOrder(reader) };
    const bare = readColumnName(reader);
    const [, column = bare, order = 'ASC'] = BARE_WITH_ORDER.exec(bare) ?? [];
    return { column, order: order.toUpperCase() === 'DESC' ? 'DESC' : 'ASC' };
  });
}

const BARE_WITH_ORDER = /^(.*\S)\s+(asc|desc)$/is;

function readOrder(reader: TokenReader): SortColumn['order'] {
  if (reader.accept('DESC')) return 'DESC';
  reader.accept('ASC');
  return 'ASC';
}

function readColumnName(reader: TokenReader): string {
  if (reader.next.kind === 'quoted') return reader.take().text;
  const { start } = reader.next;
  if (isAtListEnd(reader)) throw reader.fault('a column name');
  while (!isAtListEnd(reader)) reader.take();
  return reader.since(start);
}

function isAtListEnd(reader: TokenReader): boolean {
  return reader.next.kind === 'end' || reader.isAtSymbol(',') || reader.isAtSymbol(')');
}
