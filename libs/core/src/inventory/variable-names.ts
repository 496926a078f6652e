import type { TablePair } from '../model/data-set.ts';
import type { Table } from '../model/table.ts';

/** What HiveServer2 takes for a variable: it is replaced in the whole statement, between quotes as well. */
const VARIABLE = /\$\{[^}$ ]+\}/;

/** The first name of a table that Hive would not read as it stands. Literals are safe: their printer breaks variables up. */
export function nameWithVariable({ source, target }: TablePair, database: string): string | undefined {
  const names = [database, ...[source, target].flatMap((side) => (side === undefined ? [] : namesOf(side.table)))];
  return names.find((name) => VARIABLE.test(name));
}

function namesOf({ name, owner, storage, partitionKeys, viewOriginalText }: Table): readonly string[] {
  const columns = [...storage.columns, ...partitionKeys].flatMap((column) => [column.name, column.type]);
  return [name, owner?.name ?? '', ...columns, ...storage.bucketColumns, viewOriginalText ?? ''];
}
