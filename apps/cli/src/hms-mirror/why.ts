import { describeIssue } from '@hiveferry/core';
import type { TableScript } from '@hiveferry/core';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { OFFLINE_PARTS } from '../cli.module.ts';
import type { OfflineParts } from '../cli.module.ts';
import type { Terminal } from '../terminal.ts';
import { nearest } from '../../../../libs/contracts/src/nearest.ts';
import { prepareRun, readRun } from './prepare-run.ts';
import type { PreparedRun } from './prepare-run.ts';
import { streamDatabase } from './stream-database.ts';

const USAGE = `ferry why: what the plan does with one table, which rule decided it, and what is to be known of it.

  ferry why DATABASE.TABLE -ltd DATASET [-cfg CONFIGURATION] [options of ferry hms-mirror]

The plan is that of ferry hms-mirror with the same options: ferry hms-mirror --help lists them.
Exit codes: 0 explained, 2 refused, or there is no such table.`;

const WITHOUT_DATA_SET =
  'no data set: ferry why explains plans of a data set; name one by -ltd FILE (ferry hms-mirror -dtd writes one of live clusters)';

const VERDICTS = {
  MIGRATE: 'is migrated',
  BY_HAND: 'is prepared for a person: too big to be run unattended',
  LEFT_ALONE: 'is left alone: there is nothing to do',
  REFUSED: 'is refused',
} as const satisfies Readonly<Record<TableScript['decision'], string>>;

/** `ferry why`: what the plan does with one table and which rules decided it. */
export function whyCommand(argv: readonly string[], terminal: Terminal): ExitCode {
  return runWhy(argv, terminal, OFFLINE_PARTS);
}

function runWhy([name = '', ...options]: readonly string[], terminal: Terminal, parts: OfflineParts): ExitCode {
  const [, database, table] = /^([^.]+)\.(.+)$/s.exec(name) ?? [];
  if (database === undefined || table === undefined || name.startsWith('-')) {
    if (name === '--help' || name === '-h') {
      terminal.out(USAGE);
      return EXIT_CODES.done;
    }
    return refuse([`ferry why: expected DATABASE.TABLE${name === '' ? '' : `, found ${name}`}; ferry why --help says more`], terminal);
  }
  const read = readRun(options, terminal.home);
  if (read.kind === 'refused') return refuse(read.reasons, terminal);
  const { loadTestDataFile } = read.configuration;
  if (loadTestDataFile === undefined) return refuse([WITHOUT_DATA_SET], terminal);
  const dataSet = parts.openDataSet(loadTestDataFile);
  try {
    const run = prepareRun(read, dataSet);
    if (run.kind === 'refused') return refuse(run.reasons, terminal);
    const answer = explain({ database, table }, run, parts);
    if ('text' in answer) terminal.out(answer.text);
    return 'text' in answer ? EXIT_CODES.done : refuse([answer.problem], terminal);
  } finally {
    dataSet.close();
  }
}

interface TableName {
  readonly database: string;
  readonly table: string;
}

type Answer = { readonly text: string } | { readonly problem: string };

function explain({ database, table }: TableName, run: PreparedRun, parts: OfflineParts): Answer {
  const name = `${database}.${table}`;
  const found = run.dataSet.databases.find((candidate) => candidate.name === database);
  if (found === undefined || !run.databases.includes(database)) {
    return { problem: `${name}: the run has no database ${database}; it has ${run.databases.join(', ')}` };
  }
  const { stream, unreadable } = streamDatabase(found, run, parts);
  const refusal = stream.issues.find(({ severity }) => severity === 'refusal');
  if (refusal !== undefined) return { problem: `${refusal.code}: ${database}: ${Object.values(describeIssue(refusal)).join(' ')}` };
  for (const item of stream.items()) {
    if (item.kind === 'left-out' && item.table === table) return { text: `${name} does not take part: ${item.reason}` };
    if (item.kind === 'planned' && item.script.name === table) return { text: tableText(name, item.script) };
  }
  const reason = unreadable.get(table);
  if (reason !== undefined) return { text: `${name} is refused: its definition cannot be read. ${reason}` };
  return { problem: unknownTable(name, table, found.tableNames) };
}

function unknownTable(name: string, table: string, known: readonly string[]): string {
  const near = nearest(table, known);
  return `${name}: the data set has no such table${near === undefined ? '' : `; did you mean ${near}?`}`;
}

function tableText(name: string, { strategy, decision, statements, decisions, issues }: TableScript): string {
  const counts = (['source', 'target'] as const).map((side) => statements.filter((statement) => statement.side === side).length);
  const reasons = decisions.map(({ rule, reason }, index) => `  ${index + 1}. ${reason} (${rule})`);
  const notes = issues.map((found) => {
    const { text, advice } = describeIssue(found);
    return `  ${found.severity}: ${text} ${advice}`.trimEnd();
  });
  return [
    `${name} ${VERDICTS[decision]}, by ${strategy}; statements: ${counts[0]} on LEFT, ${counts[1]} on RIGHT.`,
    ...(reasons.length === 0 ? [] : ['Because, in this order:', ...reasons]),
    ...(notes.length === 0 ? [] : ['To be known:', ...notes]),
  ].join('\n');
}

function refuse(reasons: readonly string[], terminal: Terminal): ExitCode {
  for (const reason of reasons) terminal.err(reason);
  return EXIT_CODES.refused;
}
