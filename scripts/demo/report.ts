/** Text of the demo's report: one line a table, totals, and what is not as it should be. */
import { bytesText } from '@hiveferry/core';
import type { TableView } from '../support/api-client.ts';

interface Line {
  readonly table: string;
  readonly files: string;
  readonly bytes: string;
  readonly rows: string;
  readonly seconds: string;
  readonly result: string;
}

const HEAD: Line = { table: 'TABLE', files: 'FILES', bytes: 'BYTES', rows: 'ROWS', seconds: 'ELAPSED s', result: 'RESULT' };

/** @returns the whole report, ending in a newline */
export function reportOf(tables: readonly TableView[]): string {
  const lines = [...tables].sort((a, b) => nameOf(a).localeCompare(nameOf(b))).map(lineOf);
  const all = [HEAD, ...lines];
  const width = (key: keyof Line): number => Math.max(...all.map((line) => displayWidth(line[key])));
  const row = (line: Line): string =>
    [
      padEnd(line.table, width('table')),
      padStart(line.files, width('files')),
      padStart(line.bytes, width('bytes')),
      padStart(line.rows, width('rows')),
      padStart(line.seconds, width('seconds')),
      line.result,
    ].join('  ');
  const rule = '-'.repeat(Math.min(120, displayWidth(row(HEAD)) + 24));
  return [row(HEAD), rule, ...lines.map(row), rule, totalsOf(tables), ''].join('\n');
}

/** Tables that can be moved and are not VERIFIED: what the demo's exit code tells. */
export function unprovedOf(tables: readonly TableView[]): readonly TableView[] {
  return tables.filter((table) => table.state !== 'VERIFIED' && table.state !== 'REFUSED');
}

/** Why a table is not VERIFIED, in one sentence; empty when it is. */
export function reasonOf(table: TableView): string {
  if (table.state === 'REFUSED') {
    const refusal = table.issues.find((issue) => issue.severity === 'refusal');
    return refusal === undefined ? 'no reason given' : `${refusal.code}: ${[refusal.text, refusal.advice].filter(Boolean).join(' ')}`;
  }
  if (table.failure) return `${table.failure.code}: ${table.failure.message}`;
  return table.evidence?.findings.map((finding) => `${finding.code} ${finding.subject}`).join('; ') ?? '';
}

function lineOf(table: TableView): Line {
  const counts = table.evidence?.counts;
  // Rows that Hive wrote anew are in files of its own: there is nothing to compare them with.
  const hasFiles = counts !== undefined && table.object === 'table' && (counts.files > 0 || counts.rows === '0');
  return {
    table: nameOf(table),
    files: hasFiles ? String(counts.files) : '-',
    bytes: hasFiles ? bytesText(counts.bytes) : '-',
    rows: counts?.rows ?? '-',
    seconds: secondsOf(table),
    result: resultOf(table),
  };
}

function resultOf(table: TableView): string {
  if (table.state === 'VERIFIED') return `VERIFIED (${table.evidence?.level ?? '?'})`;
  const reason = reasonOf(table);
  return reason === '' ? table.state : `${table.state} ${reason.split(':')[0] ?? ''}`;
}

function totalsOf(tables: readonly TableView[]): string {
  const count = (state: string): number => tables.filter((table) => table.state === state).length;
  const total = (pick: (table: TableView) => number): number => tables.reduce((sum, table) => sum + pick(table), 0);
  const others = tables.length - count('VERIFIED') - count('REFUSED');
  return [
    `${tables.length} tables: ${count('VERIFIED')} VERIFIED, ${count('REFUSED')} refused, ${others} not verified;`,
    `${total((t) => t.evidence?.counts.files ?? 0)} files, ${bytesText(total((t) => t.evidence?.counts.bytes ?? 0))},`,
    `${total((t) => Number(t.evidence?.counts.rows ?? 0))} rows, ${total((t) => t.evidence?.counts.checksummedFiles ?? 0)} files compared by checksum.`,
  ].join(' ');
}

export const nameOf = (table: TableView): string => `${table.source.database}.${table.source.table}`;

function secondsOf(table: TableView): string {
  if (!table.startedAt || !table.endedAt) return '-';
  return ((Date.parse(table.endedAt) - Date.parse(table.startedAt)) / 1000).toFixed(1);
}

/** Wide characters take two columns on a terminal. */
const displayWidth = (text: string): number =>
  text.length + (text.match(/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/gu)?.length ?? 0);
const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)));
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
