import { displayName } from '../model/table.ts';
import type { TableName } from '../model/table.ts';
import { sortedBy } from '../model/order.ts';

const TOKEN = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`((?:[^`]|``)+)`|([A-Za-z_][A-Za-z0-9_]*)|[^\s]/gs;

interface Token {
  readonly text: string;
  /** Set for quoted and bare identifiers. */
  readonly name?: string;
}

/**
 * Tables that a view's expanded text reads: what follows FROM or JOIN as a qualified name, and further ones after a comma.
 *
 * @returns sorted, each once. A heuristic for the order of creation, not for lineage
 */
export function tablesOfView(expandedText: string): readonly TableName[] {
  const tokens = [...expandedText.matchAll(TOKEN)].map(tokenOf);
  const found = new Map<string, TableName>();
  let isSource = false;
  tokens.forEach((token, index) => {
    const table = isSource ? qualifiedAt(tokens, index) : undefined;
    if (table !== undefined) found.set(displayName(table), table);
    isSource = opensSource(token) || (isSource && token.text === '(') || (token.text === ',' && endsTable(tokens, index));
  });
  return sortedBy([...found.values()], displayName);
}

function tokenOf([text, quoted, bare]: RegExpExecArray): Token {
  const name = quoted?.replaceAll('``', '`') ?? bare;
  return name === undefined ? { text } : { text, name };
}

function opensSource({ text }: Token): boolean {
  return /^(from|join)$/i.test(text);
}

function qualifiedAt(tokens: readonly Token[], index: number): TableName | undefined {
  const database = tokens[index]?.name;
  const table = tokens[index + 2]?.name;
  if (database === undefined || table === undefined || tokens[index + 1]?.text !== '.') return undefined;
  return { database, table };
}

/** A comma of a FROM list comes right after ``FROM `a`.`b` `` or its alias. */
function endsTable(tokens: readonly Token[], comma: number): boolean {
  return [4, 5, 6].some((distance) => {
    const start = tokens[comma - distance];
    return start !== undefined && opensSource(start) && qualifiedAt(tokens, comma - distance + 1) !== undefined;
  });
}
