import type { TableConstraint } from '../../model/constraint.ts';
import type { Column, Table, TableName } from '../../model/table.ts';
import { CLAUSE_WORDS, readClauses } from './clauses.ts';
import { readColumns, readViewColumns } from './columns.ts';
import type { ColumnList } from './columns.ts';
import { readAlterConstraint } from './constraints.ts';
import { DdlFault } from './ddl-error.ts';
import type { DdlError } from './ddl-error.ts';
import { readTableName } from './names.ts';
import { tableOf } from './table-of.ts';
import { TokenReader } from './token-reader.ts';

/** A CREATE statement as the object that it makes. */
export interface ParsedCreate {
  readonly kind: 'parsed';
  readonly table: Table;
  readonly temporary: boolean;
  /** The model's `Table` has none: Thrift gives them by calls of their own. */
  readonly constraints: readonly TableConstraint[];
  /** `PARTITIONED BY SPEC`, as written; the table itself has no partition keys then. */
  readonly partitionTransforms: readonly string[];
}

/**
 * Reads what SHOW CREATE TABLE of Hive 1 to 4 prints, and what our printers print, into the `Table` that Thrift gives.
 *
 * The text does not say: owner, statistics, compression; of a view: the types of its columns (`''`), and in Hive's own output also not
 * its comment and properties. View text stands in `viewOriginalText` and `viewExpandedText`.
 *
 * @param text lines joined by line feeds
 * @param context database of a table whose name is not qualified
 */
export function parseCreate(text: string, context: { readonly database: string }): ParsedCreate | DdlError {
  try {
    return readCreate(new TokenReader(text), context.database);
  } catch (fault) {
    if (fault instanceof DdlFault) return fault.error;
    throw fault;
  }
}

function readCreate(reader: TokenReader, database: string): ParsedCreate {
  reader.expect('CREATE');
  reader.accept('OR', 'REPLACE');
  if (reader.accept('MATERIALIZED', 'VIEW')) return readView(reader, { database, tableType: 'MATERIALIZED_VIEW' });
  if (reader.accept('VIEW')) return readView(reader, { database, tableType: 'VIRTUAL_VIEW' });
  const words = readTableWords(reader);
  const name = readHead(reader, database);
  const list = reader.isAtSymbol('(') ? readColumns(reader, name.database) : NO_COLUMNS;
  const clauses = readClauses(reader, name.database);
  const constraints = [...list.constraints, ...(clauses.keyConstraints ?? []), ...readConstraintStatements(reader, name.database)];
  const tableType = words.external ? 'EXTERNAL_TABLE' : 'MANAGED_TABLE';
  const table = tableOf({ name, tableType, columns: list.columns, clauses });
  return { kind: 'parsed', table, temporary: words.temporary, constraints, partitionTransforms: clauses.partitionTransforms ?? [] };
}

const NO_COLUMNS: ColumnList = { columns: [], constraints: [] };

/** TRANSACTIONAL and MANAGED say nothing that the properties do not. */
function readTableWords(reader: TokenReader): { readonly temporary: boolean; readonly external: boolean } {
  const temporary = reader.accept('TEMPORARY');
  reader.accept('TRANSACTIONAL');
  const external = reader.accept('EXTERNAL');
  reader.accept('MANAGED');
  if (!reader.isAt('TABLE')) throw reader.fault('TABLE, VIEW or MATERIALIZED VIEW');
  reader.take();
  return { temporary, external };
}

function readHead(reader: TokenReader, database: string): TableName {
  reader.accept('IF', 'NOT', 'EXISTS');
  return readTableName(reader, database);
}

interface ViewPlace {
  readonly database: string;
  readonly tableType: 'VIRTUAL_VIEW' | 'MATERIALIZED_VIEW';
}

function readView(reader: TokenReader, { database, tableType }: ViewPlace): ParsedCreate {
  const name = readHead(reader, database);
  const columns = reader.isAtSymbol('(') ? readViewColumns(reader) : [];
  reader.accept('DISABLE', 'REWRITE');
  const clauses = readClauses(reader, name.database);
  if (!reader.isAt('AS')) throw reader.fault(`AS or one of ${CLAUSE_WORDS}`);
  const query = reader.restAfter().trim();
  if (query === '') throw reader.fault('a query');
  const keys = (clauses.partitionNames ?? []).map((key): Column => ({ name: key, type: '' }));
  const table = tableOf({ name, tableType, columns, clauses: { partitionKeys: keys, ...clauses }, query });
  return { kind: 'parsed', table, temporary: false, constraints: [], partitionTransforms: [] };
}

/** Hive 4 prints constraints as statements after the table's. */
function readConstraintStatements(reader: TokenReader, database: string): readonly TableConstraint[] {
  const constraints: TableConstraint[] = [];
  for (;;) {
    while (reader.acceptSymbol(';'));
    if (reader.next.kind === 'end') return constraints;
    if (!reader.isAt('ALTER')) throw reader.fault(`the end of the statement or one of ${CLAUSE_WORDS}`);
    constraints.push(readAlterConstraint(reader, database));
  }
}
