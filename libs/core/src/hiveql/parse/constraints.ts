import type { TableConstraint } from '../../model/constraint.ts';
import { readColumnNames, readTableName } from './names.ts';
import type { TokenReader } from './token-reader.ts';
import { readType } from './type-text.ts';

/** What a constraint is read for: its database, for the tables it refers to, and the column it stands at, if any. */
export interface ConstraintPlace {
  readonly database: string;
  readonly column?: string;
}

const TRAITS = ['ENABLE', 'DISABLE', 'VALIDATE', 'NOVALIDATE', 'RELY', 'NORELY', 'ENFORCED'] as const;
const STARTS = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'NOT', 'DEFAULT', 'REFERENCES'] as const;

export function isAtConstraint(reader: TokenReader): boolean {
  return STARTS.some((keyword) => reader.isAt(keyword));
}

/** `[CONSTRAINT name] kind [traits]`, of a table or, with a column in its place, of that column. */
export function readConstraint(reader: TokenReader, place: ConstraintPlace): TableConstraint {
  // Hive 4.0.1 prints `CONSTRAINT  DEFAULT` for a default whose name it knows.
  const isNamed = reader.accept('CONSTRAINT') && !(reader.next.kind === 'word' && isAtConstraint(reader));
  const name = isNamed ? reader.identifier('a constraint name') : undefined;
  const body = readBody(reader, place);
  const traits = readTraits(reader);
  return { ...body, ...(name === undefined ? {} : { name }), traits };
}

/** `ALTER TABLE ...` after the statement: so Hive 4 prints constraints. The table's name is skipped: 4.0.1 prints a wrong database for DEFAULT. */
export function readAlterConstraint(reader: TokenReader, database: string): TableConstraint {
  ['ALTER', 'TABLE'].forEach((keyword) => reader.expect(keyword));
  readTableName(reader, database);
  if (reader.accept('ADD')) return readConstraint(reader, { database });
  reader.expect('CHANGE');
  reader.accept('COLUMN');
  reader.identifier('a column name');
  const column = reader.identifier('a column name');
  readType(reader);
  return readConstraint(reader, { database, column });
}

type ConstraintBody = Omit<TableConstraint, 'name' | 'traits'>;

function readBody(reader: TokenReader, place: ConstraintPlace): ConstraintBody {
  if (reader.accept('PRIMARY', 'KEY')) return { kind: 'PRIMARY_KEY', columns: columnsAt(reader, place) };
  if (reader.accept('UNIQUE')) return { kind: 'UNIQUE', columns: columnsAt(reader, place) };
  if (reader.accept('NOT', 'NULL')) return { kind: 'NOT_NULL', columns: ownColumn(place) };
  if (reader.accept('DEFAULT')) return { kind: 'DEFAULT', columns: ownColumn(place), expression: readExpression(reader) };
  if (reader.accept('CHECK')) return { kind: 'CHECK', columns: ownColumn(place), expression: readExpression(reader) };
  return readForeignKey(reader, place);
}

function readForeignKey(reader: TokenReader, place: ConstraintPlace): ConstraintBody {
  const columns = reader.accept('FOREIGN', 'KEY') ? readColumnNames(reader) : ownColumn(place);
  if (!reader.isAt('REFERENCES')) throw reader.fault('PRIMARY KEY, UNIQUE, NOT NULL, DEFAULT, CHECK, FOREIGN KEY or REFERENCES');
  reader.take();
  const table = readTableName(reader, place.database);
  return { kind: 'FOREIGN_KEY', columns, references: { table, columns: readColumnNames(reader) } };
}

function columnsAt(reader: TokenReader, place: ConstraintPlace): readonly string[] {
  return place.column === undefined ? readColumnNames(reader) : ownColumn(place);
}

function ownColumn({ column }: ConstraintPlace): readonly string[] {
  return column === undefined ? [] : [column];
}

/** Everything up to a trait, COMMENT, or the end of the list or statement, as it stands. */
function readExpression(reader: TokenReader): string {
  const { start } = reader.next;
  if (endsExpression(reader)) throw reader.fault('an expression');
  for (let depth = 0; depth > 0 || !endsExpression(reader);) {
    if (reader.next.kind === 'end') throw reader.fault('`)`');
    if (reader.isAtSymbol('(')) depth += 1;
    if (reader.isAtSymbol(')')) depth -= 1;
    reader.take();
  }
  return reader.since(start);
}

function endsExpression(reader: TokenReader): boolean {
  const isAtSymbol = [',', ')', ';'].some((symbol) => reader.isAtSymbol(symbol));
  return isAtSymbol || reader.next.kind === 'end' || reader.isAt('COMMENT') || TRAITS.some((trait) => reader.isAt(trait));
}

function readTraits(reader: TokenReader): readonly string[] {
  const traits: string[] = [];
  for (;;) {
    // NOT may also begin the next constraint: NOT NULL.
    const not = reader.isAtPair('NOT', 'ENFORCED') && reader.accept('NOT') ? 'NOT ' : '';
    const trait = TRAITS.find((word) => reader.accept(word));
    if (trait === undefined) return traits;
    traits.push(`${not}${trait}`);
  }
}
