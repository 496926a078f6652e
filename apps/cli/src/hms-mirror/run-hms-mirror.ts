import type { ScriptCopy, ScriptStream, TableScript } from '@hiveferry/core';
import { describeIssue } from '@hiveferry/core';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { OFFLINE_PARTS } from '../cli.module.ts';
import type { OfflineParts } from '../cli.module.ts';
import type { Terminal } from '../terminal.ts';
import { openDatabaseFiles } from './database-files.ts';
import type { DatabaseFiles } from './database-files.ts';
import { collectNothing, collectPlannedTables, nothingPlanned } from './execute/planned-tables.ts';
import type { PlannedDatabase, PlannedTables } from './execute/planned-tables.ts';
import { effectiveConfiguration } from './effective-configuration.ts';
import { hmsMirrorHelp } from './help.ts';
import { openOutputFolder } from './output-folder.ts';
import type { OutputFolder } from './output-folder.ts';
import { prepareRun, readRun, reportDirectoryOf } from './prepare-run.ts';
import { openReportFile } from './report-file.ts';
import type { ReportFile } from './report-file.ts';
import type { DataSetPlanning, Planned, PreparedRun, ReadRun, RefusedRun } from './prepare-run.ts';
import { streamDatabase } from './stream-database.ts';

/** `ferry hms-mirror`: a data set or two live clusters in, scripts and DistCp plans out. */
export function hmsMirrorCommand(argv: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode> {
  if (argv.some((word) => word === '-h' || word === '--help')) {
    terminal.out(hmsMirrorHelp());
    return EXIT_CODES.done;
  }
  const read = readRun(argv, terminal.home);
  if (read.kind === 'refused') return refuse(read, folderOf(read, terminal), terminal);
  const { loadTestDataFile } = read.configuration;
  if (loadTestDataFile !== undefined) return planDataSet({ read, file: loadTestDataFile, terminal }).exitCode;
  // Loaded for live clusters only: what drives them takes its time.
  return import('./live/run-live.ts').then(({ runLive }) => runLive(read, terminal, { planDataSet, refuse: refuseRun }));
}

/** Plans database by database and writes its files. */
function planDataSet({ read, file, terminal, keepsDataSet = false }: DataSetPlanning): Planned {
  const folder = folderOf(read, terminal);
  const dataSet = OFFLINE_PARTS.openDataSet(file);
  try {
    const run = prepareRun(read, dataSet);
    if (run.kind === 'refused') return { exitCode: refuse(run, folder, terminal), databases: [] };
    if (keepsDataSet) folder.adopt('data-set.yaml', file);
    return planRun(run, { folder, terminal, parts: OFFLINE_PARTS });
  } finally {
    dataSet.close();
  }
}

/** Says why, and writes it into the run's folder. */
function refuseRun(run: RefusedRun, terminal: Terminal): ExitCode {
  return refuse(run, folderOf(run, terminal), terminal);
}

function folderOf(run: Pick<ReadRun, 'outputDirectory'>, terminal: Terminal): OutputFolder {
  return openOutputFolder(reportDirectoryOf(run, terminal));
}

interface Tools {
  readonly folder: OutputFolder;
  readonly terminal: Terminal;
  readonly parts: OfflineParts;
}

function planRun(run: PreparedRun, tools: Tools): Planned {
  const { folder, terminal } = tools;
  const adjustments = run.adjustments.map(({ key, from, to, reason }) => `${key}: ${from} became ${to}, ${reason}`);
  if (!run.configuration.quiet && !run.configuration.suppressCliWarnings) {
    for (const line of [...run.notices, ...adjustments]) terminal.err(line);
  }
  const report = openReportFile(folder, run.configuration, run.databases);
  const outcomes = run.databases.map((name) => writeDatabase(name, run, { ...tools, report }));
  report.finish();
  const refusals = outcomes.flatMap(({ refusals: reasons }) => reasons);
  if (refusals.length > 0) {
    folder.discard();
    return { exitCode: refuse({ kind: 'refused', reasons: refusals }, folder, terminal), databases: [] };
  }
  const hasRefused = outcomes.some(({ tables }) => (tables['REFUSED'] ?? 0) > 0);
  const exitCode = hasRefused ? EXIT_CODES.plannedWithRefusals : EXIT_CODES.done;
  folder.write('session-config.yaml', effectiveConfiguration(run.configuration));
  folder.finish({
    state: 'PLANNED',
    ...(run.configuration.comment === undefined ? {} : { comment: run.configuration.comment }),
    exitCode,
    reasons: [],
    adjustments,
    databases: Object.fromEntries(outcomes.map(({ name, tables }) => [name, tables])),
  });
  if (!run.configuration.quiet) terminal.out(`Written to ${folder.directory}; read report.html or the *_hms-mirror.md files first.`);
  return { exitCode, databases: outcomes.map(({ planned }) => planned) };
}

/** What is kept of a database when its files are written. */
interface DatabaseOutcome {
  readonly name: string;
  readonly refusals: readonly string[];
  /** Number of tables by decision. */
  readonly tables: Readonly<Record<string, number>>;
  readonly planned: PlannedDatabase;
}

function writeDatabase(
  name: string,
  run: PreparedRun,
  { folder, terminal, parts, report }: Tools & { readonly report: ReportFile },
): DatabaseOutcome {
  const database = run.dataSet.databases.find((candidate) => candidate.name === name);
  if (database === undefined) return { name, refusals: [], tables: {}, planned: nothingPlanned(name) };
  const { stream, unreadable } = streamDatabase(database, run, parts);
  const refusals = refusalsOf(stream);
  if (refusals.length > 0) return { name, refusals, tables: {}, planned: nothingPlanned(name) };
  const { execute, sync } = run.configuration;
  const collected = execute ? collectPlannedTables({ stream, database, isSync: sync }) : collectNothing(name);
  const say = run.configuration.quiet ? () => undefined : terminal.err;
  const tables = writeTables(stream, { files: openDatabaseFiles(stream, folder), report, unreadable, say, collected });
  if (!run.configuration.quiet) {
    const counts = Object.entries(tables).map(([decision, count]) => `${count} ${decision}`);
    terminal.out(`${name}: ${counts.length === 0 ? 'no tables' : counts.join(', ')}`);
  }
  return { name, refusals, tables, planned: collected.finish() };
}

interface TableTools {
  readonly files: DatabaseFiles;
  readonly report: ReportFile;
  readonly unreadable: ReadonlyMap<string, string>;
  readonly say: (line: string) => void;
  readonly collected: PlannedTables;
}

/** @returns number of tables by decision */
function writeTables(stream: ScriptStream, { files, report, unreadable, say, collected }: TableTools): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  const leftOut: { readonly table: string; readonly reason: string }[] = [];
  const copies: ScriptCopy[] = [];
  for (const item of stream.items()) {
    if (item.kind === 'left-out') {
      leftOut.push(item);
      collected.leaveOut(item.table);
      continue;
    }
    files.add(item.script);
    collected.add(item.script);
    report.add(stream, item);
    for (const copy of item.copies) copies.push(detached(copy));
    counts.set(item.script.decision, (counts.get(item.script.decision) ?? 0) + 1);
    if (item.script.decision === 'REFUSED') say(refusalLine(stream.source, item.script));
  }
  for (const [table, reason] of unreadable) {
    say(`${stream.source}.${table} is refused: its definition cannot be read. ${reason}`);
    leftOut.push({ table, reason: `refused, its definition cannot be read: ${reason}` });
    counts.set('REFUSED', (counts.get('REFUSED') ?? 0) + 1);
    collected.leaveOut(table);
  }
  const tables = Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const { table, reason } of leftOut) report.leaveOut(stream.source, table, reason);
  report.note(files.finish({ tables, leftOut, copies }));
  return tables;
}

/** A copy to be kept: its texts are slices, and each would hold the whole text that its table was read from. */
function detached({ source, target, parts, ...copy }: ScriptCopy): ScriptCopy {
  const own = (text: string) => Buffer.from(text).toString();
  const places = { source: own(source), target: own(target) };
  return { ...copy, ...places, ...(parts !== undefined && { parts: parts.map((part) => ({ ...part, source: own(part.source) })) }) };
}

function refusalLine(database: string, { name, issues }: TableScript): string {
  return `${database}.${name} is refused: ${issues.map((found) => describeIssue(found).text).join(' ')}`;
}

function refusalsOf({ source, issues }: ScriptStream): readonly string[] {
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
