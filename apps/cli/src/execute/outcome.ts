import type { TableSummary } from '@hiveferry/contracts';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import type { FollowedRun } from './follow-runs.ts';
import { tableKey } from './run-watch.ts';

/** What became of a run. */
export interface RunOutcome extends FollowedRun {
  readonly tables: readonly TableSummary[];
}

/** A line a table: its name, its state, and its proof or why there is none. */
export function tableLines(outcomes: readonly RunOutcome[]): readonly string[] {
  const rows = outcomes.flatMap(({ run, tables, waiting }) => tables.map((table) => rowOf(table, run.targets.length > 1, waiting)));
  const [names, states] = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  return rows.map(([name, state, words]) => `${name.padEnd(names ?? 0)}  ${state.padEnd(states ?? 0)}  ${words}`.trimEnd());
}

type Row = readonly [name: string, state: string, words: string];

function rowOf(table: TableSummary, hasTargets: boolean, waiting: RunOutcome['waiting']): Row {
  const name = `${hasTargets ? `${table.target}: ` : ''}${table.source.database}.${table.source.table}`;
  const awaited = waiting.get(tableKey(table.target, table.source));
  return awaited === undefined ? [name, table.state, wordsOf(table)] : [name, 'WAITING', awaitedWords(awaited)];
}

/** Without the name, and without the ways on that only the service has. */
const awaitedWords = (message: string): string => message.replace(/^\S+: /, '').replace(/; it goes on .*/, '');

function wordsOf({ state, issues, failure, evidence }: TableSummary): string {
  if (state === 'VERIFIED' && evidence !== undefined) return proofOf(evidence);
  const refusals = issues.filter(({ severity }) => severity === 'refusal').map(({ code, text }) => `${code}: ${text}`);
  const findings = (evidence?.findings ?? []).map(({ code, subject, text }) => `${code}: ${subject}: ${text}`);
  const failures = failure === undefined ? [] : [`${failure.code}: ${failure.message}`];
  return [...refusals, ...failures, ...(state === 'NOT_VERIFIED' ? findings : [])].join('; ');
}

function proofOf({ level, counts: { partitions, files, bytes, checksummedFiles, rows } }: NonNullable<TableSummary['evidence']>): string {
  const facts = [
    ...(files > 0 ? [`${files} files`, `${bytes} bytes`] : []),
    ...(partitions > 0 ? [`${partitions} partitions`] : []),
    ...(checksummedFiles > 0 ? [`${checksummedFiles} checksums`] : []),
    ...(rows === undefined ? [] : [`${rows} rows`]),
  ];
  return level === undefined || level === 'metadata' ? `proved: ${level ?? 'definition'}` : `proved by ${level}: ${facts.join(', ')}`;
}

/** Runs that failed as a whole, and why. */
export function failureLines(outcomes: readonly RunOutcome[]): readonly string[] {
  return outcomes.flatMap(({ name, run }) =>
    [run.failure, ...run.targets.map(({ failure }) => failure)].flatMap((failure) =>
      failure === undefined ? [] : [`${name}: ${failure.code}: ${failure.message}`],
    ),
  );
}

/** @returns done when every table is proved; plannedWithRefusals when only refused ones are not */
export function exitCodeOf(outcomes: readonly RunOutcome[]): ExitCode {
  const states = new Set(outcomes.flatMap(({ tables }) => tables.map(({ state }) => state)));
  const hasFailed = outcomes.some(({ run }) => run.state !== 'SUCCEEDED' && run.state !== 'INCOMPLETE');
  if (hasFailed || [...states].some((state) => state !== 'VERIFIED' && state !== 'REFUSED')) return EXIT_CODES.notVerified;
  return states.has('REFUSED') ? EXIT_CODES.plannedWithRefusals : EXIT_CODES.done;
}

/** Nothing of it could still be done. */
export const isFinal = (outcomes: readonly RunOutcome[]): boolean => exitCodeOf(outcomes) !== EXIT_CODES.notVerified;

/** What is left to do, and by whom. */
export function remainderOf(outcomes: readonly RunOutcome[]): string {
  const waiting = outcomes.reduce((sum, { waiting: own }) => sum + own.size, 0);
  return waiting === 0
    ? 'Not every table is VERIFIED: mend what is named above; the same command goes on from here.'
    : `${waiting} tables wait for their files, which others bring; they are not made before that. When the files are there, the same command goes on from here.`;
}
