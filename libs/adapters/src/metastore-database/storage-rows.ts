import type { Parameters, SentColumn, SentStorage } from '@hiveferry/core';
import type { AskRows, MetastoreRow, SqlDialect } from './metastore-connection.ts';
import { bucketColumnsOf, columnsOf, parametersOf, skewedColumnsOf, skewedValuesOf, sortColumnsOf } from './metastore-statements.ts';
import type { ParameterTable } from './metastore-statements.ts';

/** What is asked for together: rows, each with an `owner`, of the objects in a list. */
export type AskOwned = (statement: string, ids: readonly string[]) => Promise<OwnedRows>;
type OwnedRows = (owner: string) => readonly MetastoreRow[];

/** One statement for all owners; their rows by owner, in the order of the statement. */
export function askOwned(ask: AskRows): AskOwned {
  return async (statement, ids) => {
    const rows = ids.length === 0 ? [] : await ask(statement, [ids.map(BigInt)]);
    const byOwner = Map.groupBy(rows, (row) => textOf(row, 'owner'));
    return (owner) => byOwner.get(owner) ?? [];
  };
}

export async function parametersByOwner(
  ask: AskOwned,
  table: { readonly of: ParameterTable; readonly dialect: SqlDialect },
  ids: readonly string[],
): Promise<(owner: string) => Parameters> {
  const rows = await ask(parametersOf(table.of, table.dialect), ids);
  return (owner) => Object.fromEntries(rows(owner).map((row) => [textOf(row, 'key'), textOf(row, 'value')]));
}

/** The descriptors of tables or partitions whose rows hold `STORAGE_COLUMNS`: eight statements, however many there are. */
export async function storagesOf(
  heads: readonly MetastoreRow[],
  ask: AskOwned,
  dialect: SqlDialect,
): Promise<(head: MetastoreRow) => SentStorage> {
  const ids = (key: string): readonly string[] => [...new Set(heads.flatMap((head) => (head[key] === null ? [] : [textOf(head, key)])))];
  const storages = ids('storage');
  const columns = await ask(columnsOf(dialect), ids('columns'));
  const parameters = await parametersByOwner(ask, { of: ['SD_PARAMS', 'SD_ID'], dialect }, storages);
  const serdeParameters = await parametersByOwner(ask, { of: ['SERDE_PARAMS', 'SERDE_ID'], dialect }, ids('serde'));
  const bucketed = await ask(bucketColumnsOf(dialect), storages);
  const sorted = await ask(sortColumnsOf(dialect), storages);
  const skewed = await ask(skewedColumnsOf(dialect), storages);
  const skewedValues = await ask(skewedValuesOf(dialect), storages);
  return (head) => {
    const id = textOf(head, 'storage');
    return {
      cols: columns(textOf(head, 'columns')).map(columnOf),
      location: nullable(head, 'location'),
      inputFormat: nullable(head, 'inputFormat'),
      outputFormat: nullable(head, 'outputFormat'),
      compressed: head['compressed'] === true,
      numBuckets: Number(textOf(head, 'numBuckets')),
      serdeInfo: {
        name: nullable(head, 'serdeName'),
        serializationLib: nullable(head, 'serdeLib'),
        parameters: serdeParameters(textOf(head, 'serde')),
      },
      bucketCols: bucketed(id).map(valueOf),
      sortCols: sorted(id).map((row) => ({ col: textOf(row, 'name'), order: Number(textOf(row, 'order')) })),
      parameters: parameters(id),
      skewedInfo: { skewedColNames: skewed(id).map(valueOf), skewedColValues: listsOf(skewedValues(id)) },
      storedAsSubDirectories: head['subDirectories'] === true,
    };
  };
}

export function columnOf(row: MetastoreRow): SentColumn {
  return { name: textOf(row, 'name'), type: textOf(row, 'type'), comment: nullable(row, 'comment') };
}

export const valueOf = (row: MetastoreRow): string => textOf(row, 'value');

/** Empty for null. */
export function textOf(row: MetastoreRow, key: string): string {
  return nullable(row, key) ?? '';
}

export function nullable(row: MetastoreRow, key: string): string | null {
  const value = row[key];
  return typeof value === 'string' ? value : null;
}

function listsOf(rows: readonly MetastoreRow[]): readonly (readonly string[])[] {
  return [...Map.groupBy(rows, (row) => textOf(row, 'list')).values()].map((list) => list.map(valueOf));
}
