import type { TableConstraint } from '../../model/constraint.ts';
import type { Column } from '../../model/table.ts';
import { isAtConstraint, readConstraint } from './constraints.ts';
import { readList, readListOrNothing } from './names.ts';
import type { TokenReader } from './token-reader.ts';
import { readType } from './type-text.ts';

export interface ColumnList {
  readonly columns: readonly Column[];
  readonly constraints: readonly TableConstraint[];
}

/** `(name type [constraint] [COMMENT 'text'], ..., [constraint], ...)`. */
export function readColumns(reader: TokenReader, database: string): ColumnList {
  const columns: Column[] = [];
  const constraints: TableConstraint[] = [];
  readListOrNothing(reader, () => {
    if (isAtConstraint(reader)) constraints.push(readConstraint(reader, { database }));
    else columns.push(readColumn(reader, { database, constraints }));
  });
  return { columns, constraints };
}

/** A view's columns have no type in the text: theirs is ''. */
export function readViewColumns(reader: TokenReader): readonly Column[] {
  return readList(reader, () => withComment({ name: reader.identifier('a column name'), type: '' }, readComment(reader)));
}

interface ColumnPlace {
  readonly database: string;
  readonly constraints: TableConstraint[];
}

function readColumn(reader: TokenReader, { database, constraints }: ColumnPlace): Column {
  const name = reader.identifier('a column name or a constraint');
  const type = readType(reader);
  let comment: string | undefined;
  while (isAtConstraint(reader) || reader.isAt('COMMENT')) {
    if (isAtConstraint(reader)) constraints.push(readConstraint(reader, { database, column: name }));
    else comment = readComment(reader);
  }
  return withComment({ name, type }, comment);
}

function readComment(reader: TokenReader): string | undefined {
  return reader.accept('COMMENT') ? reader.string('a comment') : undefined;
}

/** An empty comment is none: so the model reads it from Thrift. */
function withComment(column: Column, comment: string | undefined): Column {
  return comment === undefined || comment === '' ? column : { ...column, comment };
}
