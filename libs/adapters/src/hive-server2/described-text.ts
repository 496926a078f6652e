import type { SentColumn } from '@hiveferry/core';
import type { Row } from '@hiveferry/ports';

/** What DESCRIBE FORMATTED prints about a table or a partition, its escapes undone; a blank at the end of a short value is lost in its padding. */
export interface DescribedText {
  readonly columns: readonly SentColumn[];
  readonly partitionKeys: readonly SentColumn[];
  /** What stands after a label, without its colon, e.g. `Table Type`; `null` is absent. */
  value(...labels: readonly string[]): string | undefined;
  /** The pairs below a label, e.g. `Storage Desc Params`. */
  pairs(label: string): Readonly<Record<string, string>>;
}

/**
 * Reads the rows of Hive 3.1.3 and 4.0.1: columns, then labels with values, pairs below a label, and lines that go on.
 */
export function describedText(rows: readonly Row[]): DescribedText {
  const end = rows.findIndex(([first]) => DETAILS.test(first ?? ''));
  if (end < 0) throw new Error('DESCRIBE FORMATTED says nothing of details');
  const { values, maps } = detailsOf(rows.slice(end));
  return {
    ...columnsOf(rows.slice(0, end)),
    value: (...labels) => labels.map((label) => values.get(label)).find((value) => value !== undefined && value !== 'null'),
    pairs: (label) => Object.fromEntries(maps.get(label) ?? []),
  };
}

/** What is printed as `%-20s`: a blank that stood at the end of a short text cannot be told from the padding. */
function withoutPadding(text: string): string {
  return text.length <= PADDED_TO ? withoutBlanks(text) : text;
}

export const withoutBlanks = (text: string): string => text.replace(/ +$/, '');

const PADDED_TO = 20;
const DETAILS = /^# Detailed (?:Table|Partition) Information/;
const KEYS = '# Partition Information';

/** Written by Hive, not by a user: of columns that the SerDe makes itself. */
const PLACEHOLDER = 'from deserializer';

function columnsOf(rows: readonly Row[]): Pick<DescribedText, 'columns' | 'partitionKeys'> {
  const columns: SentColumn[] = [];
  const partitionKeys: SentColumn[] = [];
  let list = columns;
  for (const [name, type, comment] of rows) {
    if (name?.startsWith(KEYS) === true) list = partitionKeys;
    else if (name !== null && name !== undefined && name !== '' && name !== '# col_name') {
      list.push({ name, type: type ?? '', comment: comment === PLACEHOLDER ? '' : unescaped(comment ?? '') });
    }
  }
  return { columns, partitionKeys };
}

interface Details {
  readonly values: Map<string, string>;
  readonly maps: Map<string, Map<string, string>>;
}

function detailsOf(rows: readonly Row[]): Details {
  const details: Details = { values: new Map(), maps: new Map() };
  let label = '';
  for (const [first, second, third] of rows) {
    if (first !== null && first !== undefined && first !== '') label = withoutBlanks(first).replace(/:$/, '');
    if (second === null || second === undefined) continue;
    if (first !== '') details.values.set(label, withoutPadding(second));
    else if (withoutBlanks(second) === '') goOn(details, label, third ?? '');
    else pairsBelow(details, label).set(unescaped(withoutBlanks(second)), unescaped(withoutPadding(third ?? '')));
  }
  return details;
}

/** The next line of a view's text. */
function goOn({ values }: Details, label: string, line: string): void {
  values.set(label, `${values.get(label) ?? ''}\n${withoutPadding(line)}`);
}

function pairsBelow({ maps }: Details, label: string): Map<string, string> {
  const pairs = maps.get(label) ?? new Map<string, string>();
  maps.set(label, pairs);
  return pairs;
}

/** Undoes `StringEscapeUtils.escapeJava`, by which Hive prints comments, properties and delimiters on one line. */
export function unescaped(text: string): string {
  return text.replaceAll(ESCAPE, (_, escape: string) => meaningOf(escape));
}

const ESCAPE = /\\(u[0-9a-fA-F]{4}|.)/gs;
const NAMED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function meaningOf(escape: string): string {
  return escape.length === 5 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : (NAMED[escape] ?? escape);
}
