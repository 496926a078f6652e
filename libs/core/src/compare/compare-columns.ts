import type { Finding } from '../model/evidence.ts';
import type { Column } from '../model/table.ts';
import { withoutEmptyComment } from '../translate/translate-table.ts';
import { compare, finding } from './findings.ts';

/** Compares columns by name: missing, unexpected, order, type, comment. */
export function compareColumns(subject: string, expected: readonly Column[], found: readonly Column[]): readonly Finding[] {
  const foundByName = new Map(found.map((column) => [nameOf(column), withoutEmptyComment(column)]));
  const expectedNames = new Set(expected.map(nameOf));
  const missing = expected.filter((column) => !foundByName.has(nameOf(column)));
  const unexpected = found.filter((column) => !expectedNames.has(nameOf(column)));
  return [
    ...missing.map((column) => finding('COLUMN_MISSING', `${subject}.${column.name}`, { expected: column.type, found: undefined })),
    ...unexpected.map((column) => finding('COLUMN_UNEXPECTED', `${subject}.${column.name}`, { expected: undefined, found: column.type })),
    ...(missing.length + unexpected.length > 0
      ? []
      : compare('COLUMN_ORDER_DIFFERS', subject, { expected: expected.map(nameOf), found: found.map(nameOf) })),
    ...expected.flatMap((column) => compareColumn(subject, column, foundByName.get(nameOf(column)))),
  ];
}

/** Partition keys as comparable text: name and type in order. */
export function keyText(keys: readonly Column[]): string {
  return keys.map((key) => `${nameOf(key)} ${typeText(key.type)}`).join(', ');
}

/** Names and types in order, for descriptors whose comments do not matter. */
function typeText(type: string): string {
  // Hive 4 writes field names of structs in backticks and a blank after commas; both read the same.
  return type.toLowerCase().replaceAll(/[`\s]/g, '');
}

function compareColumn(subject: string, expected: Column, found: Column | undefined): readonly Finding[] {
  if (found === undefined) return [];
  const name = `${subject}.${expected.name}`;
  const hasSameType = typeText(expected.type) === typeText(found.type);
  return [
    ...(hasSameType ? [] : [finding('COLUMN_TYPE_DIFFERS', name, { expected: expected.type, found: found.type })]),
    ...compare('COLUMN_COMMENT_DIFFERS', name, { expected: withoutEmptyComment(expected).comment, found: found.comment }),
  ];
}

function nameOf({ name }: Column): string {
  return name.toLowerCase();
}
