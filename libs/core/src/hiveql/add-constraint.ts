import type { TableConstraint } from '../model/constraint.ts';
import type { Column, TableName } from '../model/table.ts';
import { columnType } from './create-table.ts';
import { identifier, qualified } from './quote.ts';

/** A constraint with its name, which Hive wants where it is added to a table. */
export type NamedConstraint = TableConstraint & { readonly name: string };

/** A constraint of the one column that it stands at. */
export type ColumnConstraint = Pick<TableConstraint, 'kind' | 'expression'> & { readonly column: Column };

const KEYWORDS = {
  PRIMARY_KEY: 'PRIMARY KEY',
  FOREIGN_KEY: 'FOREIGN KEY',
  UNIQUE: 'UNIQUE',
  NOT_NULL: 'NOT NULL',
  DEFAULT: 'DEFAULT',
  CHECK: 'CHECK',
} as const satisfies Record<TableConstraint['kind'], string>;

/** `ALTER TABLE .. ADD CONSTRAINT`: a key, or a CHECK of the table. */
export function addConstraint(name: TableName, constraint: NamedConstraint, traits: string): string {
  const { kind, columns, expression, references } = constraint;
  const said = kind === 'CHECK' ? (expression ?? '') : list(columns);
  const other = references === undefined ? '' : ` REFERENCES ${qualified(references.table)} ${list(references.columns)}`;
  return `ALTER TABLE ${qualified(name)} ADD CONSTRAINT ${identifier(constraint.name)} ${KEYWORDS[kind]} ${said}${other} ${traits}`;
}

/** `ALTER TABLE .. CHANGE COLUMN`: NOT NULL, DEFAULT or CHECK of one column, which stays as it is otherwise. */
export function constrainColumn(name: TableName, { column, kind, expression }: ColumnConstraint, traits: string): string {
  const own = identifier(column.name);
  const said = expression === undefined ? '' : ` ${expression}`;
  return `ALTER TABLE ${qualified(name)} CHANGE COLUMN ${own} ${own} ${columnType(column.type)} ${KEYWORDS[kind]}${said} ${traits}`;
}

function list(columns: readonly string[]): string {
  return `(${columns.map(identifier).join(', ')})`;
}
