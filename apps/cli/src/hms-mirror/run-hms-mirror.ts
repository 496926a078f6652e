import { join } from 'node:path';
import type { DatabaseScript, TableScript } from '@hiveferry/core';
import { describeIssue, scriptArtefactsOf } from '@hiveferry/core';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { OFFLINE_PARTS } from '../cli.module.ts';
import type { OfflineParts } from '../cli.module.ts';
import type { Terminal } from '../terminal.ts';
import { effectiveConfiguration } from './effective-configuration.ts';
import { hmsMirrorHelp } from './help.ts';
import { openOutputFolder } from './output-folder.ts';
import type { OutputFolder } from './output-folder.ts';
import { planDatabase } from './plan-database.ts';
import { prepareRun } from './prepare-run.ts';
import type { PreparedRun, RefusedRun } from './prepare-run.ts';

/** `ferry hms-mirror`: data set in, scripts and DistCp plans out. */
export function hmsMirrorCommand(argv: readonly string[], terminal: Terminal): ExitCode {
  if (argv.some((word) => word === '-h' || word === '--help')) {
    terminal.out(hmsMirrorHelp());
    return EXIT_CODES.done;
  }
  return runHmsMirror(argv, terminal, OFFLINE_PARTS);
}

/** Plans database by database and writes its files; see `hmsMirrorCommand`. */
function runHmsMirror(argv: readonly string[], terminal: Terminal, parts: OfflineParts): ExitCode {
  const run = prepareRun(argv, { home: terminal.home, openDataSet: parts.openDataSet });
  const folder = openOutputFolder(run.outputDirectory ?? join(terminal.home, '.hms-mirror', 'reports', 'hiveferry'));
  if (run.kind === 'refused') return refuse(run, folder, terminal);
  try {
    return planRun(run, { folder, terminal, parts });
  } finally {
    run.dataSet.close();
  }
}

interface Tools {
  readonly folder: OutputFolder;
  readonly terminal: Terminal;
  readonly parts: OfflineParts;
}

function planRun(run: PreparedRun, tools: Tools): ExitCode {
  const { folder, terminal } = tools;
  const adjustments = run.adjustments.map(({ key, from, to, reason }) => `${key}: ${from} became ${to}, ${reason}`);
  if (!run.configuration.quiet && !run.configuration.suppressCliWarnings) {
    for (const line of [...run.notices, ...adjustments]) terminal.err(line);
  }
  const outcomes = run.databases.map((name) => writeDatabase(name, run, tools));
  const refusals = outcomes.flatMap(({ refusals: reasons }) => reasons);
  if (refusals.length > 0) {
    folder.discard();
    return refuse({ kind: 'refused', reasons: refusals }, folder, terminal);
  }
  const hasRefused = outcomes.some(({ tables }) => (tables['REFUSED'] ?? 0) > 0);
  const exitCode = hasRefused ? EXIT_CODES.plannedWithRefusals : EXIT_CODES.done;
  folder.write('session-config.yaml', effectiveConfiguration(run.configuration));
  folder.finish({
    state: 'PLANNED',
    exitCode,
    reasons: [],
    adjustments,
    databases: Object.fromEntries(outcomes.map(({ name, tables }) => [name, tables])),
  });
  if (!run.configuration.quiet) terminal.out(`Written to ${folder.directory}; read the *_hms-mirror.md files first.`);
  return exitCode;
}

/** What is kept of a database when its files are written. */
interface DatabaseOutcome {
  readonly name: string;
  readonly refusals: readonly string[];
  /** Number of tables by decision. */
  readonly tables: Readonly<Record<string, number>>;
}

function writeDatabase(name: string, run: PreparedRun, { folder, terminal, parts }: Tools): DatabaseOutcome {
  const database = run.dataSet.databases.find((candidate) => candidate.name === name);
  if (database === undefined) return { name, refusals: [], tables: {} };
  const { script, unreadable } = planDatabase(database, run, parts);
  for (const { path, content } of scriptArtefactsOf(script)) folder.write(path, content);
  const broken = unreadable.map(({ name: table, reason }) => `${name}.${table} is refused: its definition cannot be read. ${reason}`);
  const tables = { ...countsOf(script.tables), ...(broken.length === 0 ? {} : { REFUSED: refusedIn(script) + broken.length }) };
  if (!run.configuration.quiet) {
    const counts = Object.entries(tables).map(([decision, count]) => `${count} ${decision}`);
    terminal.out(`${name}: ${counts.length === 0 ? 'no tables' : counts.join(', ')}`);
    for (const line of [...broken, ...refusedTables(script)]) terminal.err(line);
  }
  return { name, refusals: refusalsOf(script), tables };
}

function countsOf(tables: readonly TableScript[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...new Set(tables.map(({ decision }) => decision))]
      .sort()
      .map((decision) => [decision, tables.filter((table) => table.decision === decision).length]),
  );
}

function refusedIn({ tables }: DatabaseScript): number {
  return tables.filter(({ decision }) => decision === 'REFUSED').length;
}

function refusedTables({ source, tables }: DatabaseScript): readonly string[] {
  return tables
    .filter(({ decision }) => decision === 'REFUSED')
    .map(({ name, issues }) => `${source}.${name} is refused: ${issues.map((found) => describeIssue(found).text).join(' ')}`);
}

function refusalsOf({ source, issues }: DatabaseScript): readonly string[] {
  return issues
    .filter(({ severity }) => severity === 'refusal')
    .map((found) => {
      const { text, advice } = describeIssue(found);
      return `${found.code}: ${source}: ${text} ${advice}`;
    });
}

function refuse({ reasons }: RefusedRun, folder: OutputFolder, terminal: Terminal): ExitCode {
  for (const reason of reasons) terminal.err(reason);
  folder.finish({ state: 'REFUSED', exitCode: EXIT_CODES.refused, reasons, adjustments: [], databases: {} });
  return EXIT_CODES.refused;
}
