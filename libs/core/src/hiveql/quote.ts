import { sortedEntries } from '../model/order.ts';
import type { Parameters, TableName } from '../model/table.ts';

/** A quoted identifier; a backtick within is doubled. */
export function identifier(name: string): string {
  return `\`${name.includes('`') ? name.replaceAll('`', '``') : name}\``;
}

export function qualified(name: TableName): string {
  return `${identifier(name.database)}.${identifier(name.table)}`;
}

/**
 * A string literal that Hive's `unescapeSQLString` turns back into the text. `''` is no escape in Hive.
 *
 * Control characters are octal: before 4.0 Hive reads the hex digits of `\u0010` as decimal. `;` is escaped for the clients that
 * split scripts; `${` is broken up, since HiveServer2 substitutes variables in the whole statement first.
 */
export function literal(text: string): string {
  return IS_PLAIN.test(text) ? `'${text}'` : `'${text.replaceAll(NEEDS_ESCAPE, escapeUnit)}'`;
}

/** `('k'='v', ...)`, keys sorted; no entry gives undefined, since Hive refuses an empty list. */
export function propertyList(parameters: Parameters): string | undefined {
  const entries = sortedEntries(parameters).map(([key, value]) => `  ${literal(key)}=${literal(value)}`);
  return entries.length === 0 ? undefined : `(\n${entries.join(',\n')})`;
}

/** Nearly all places and values: these hold nothing that is escaped. */
const IS_PLAIN = /^[ \w./:=%,+@-]*$/;

const NEEDS_ESCAPE = /[\u0000-\u001f\u007f'\\;]|\$(?=\{)/g;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', "'": "\\'", '\\': '\\\\', ';': '\\;' };

function escapeUnit(unit: string): string {
  return NAMED[unit] ?? `\\${unit.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
