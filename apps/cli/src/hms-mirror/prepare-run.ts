import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ScriptSettings } from '@hiveferry/core';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import type { DataSet } from '../cli.module.ts';
import { adjust } from './adjust.ts';
import type { Adjustment } from './adjust.ts';
import { isHdp3Overlooked } from './cluster-schema.ts';
import { COMBINATION_RULES } from './combination-rules.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';
import { EXECUTE_RULES } from './execute/execute-rules.ts';
import type { PlannedDatabase } from './execute/planned-tables.ts';
import { PEER_OPTIONS } from './option-table.ts';
import type { PeerOption } from './option-table.ts';
import { parseOptions } from './parse-options.ts';
import type { GivenOption } from './parse-options.ts';
import { readConfiguration } from './read-configuration.ts';
import { RUN_RULES } from './run-rules.ts';
import type { PlannedRun, RunRule } from './run-rules.ts';
import { scriptSettingsOf } from './script-settings.ts';
import { selectDatabases } from './select-databases.ts';
import type { Terminal } from '../terminal.ts';

/** A run that may be planned. */
export interface PreparedRun {
  readonly kind: 'prepared';
  readonly configuration: HmsMirrorConfiguration;
  readonly adjustments: readonly Adjustment[];
  /** One line for each option that changes nothing. */
  readonly notices: readonly string[];
  readonly settings: ScriptSettings;
  readonly dataSet: DataSet;
  readonly databases: readonly string[];
  readonly outputDirectory?: string;
}

/** A run that is refused whole; each reason names the keys and what to do. */
export interface RefusedRun {
  readonly kind: 'refused';
  readonly reasons: readonly string[];
  readonly outputDirectory?: string;
}

/** Options and configuration, read and adjusted; the data is still to come. */
export interface ReadRun {
  readonly kind: 'read';
  readonly configuration: HmsMirrorConfiguration;
  /** As it was asked for, before adjustment. */
  readonly asked: HmsMirrorConfiguration;
  readonly adjustments: readonly Adjustment[];
  readonly notices: readonly string[];
  readonly outputDirectory?: string;
}

/** Reads options and configuration, and refuses what can be refused without data. */
export function readRun(argv: readonly string[], home: string): ReadRun | RefusedRun {
  const { options, problems } = parseOptions(argv);
  const outputDirectory = valueOf(options, 'output-dir');
  const place = outputDirectory === undefined ? {} : { outputDirectory };
  const refused = (reasons: readonly string[]): RefusedRun => ({ kind: 'refused', reasons, ...place });
  if (problems.length > 0) return refused(problems);
  const file = configurationFile(valueOf(options, 'config'), home);
  if (!existsSync(file)) return refused([`${file}: no such configuration file; name one by -cfg`]);
  if (!statSync(file).isFile())
    return refused([`${file}: expected a configuration file, found a directory or a device; name a file by -cfg`]);
  const reading = readConfiguration(readFileSync(file, 'utf8'), options);
  if (reading.kind === 'invalid')
    return refused(reading.problems.map((problem) => (problem.startsWith('-') ? problem : `${problem} (${file})`)));
  const { configuration, adjustments } = adjust(reading.configuration);
  const run = { configuration, asked: reading.configuration, databases: configuration.databases };
  const reasons = refusalsOf(run, ({ code }) => code !== 'NO_DATABASES');
  if (reasons.length > 0) return refused(reasons);
  const notices = [...noticesOf(options), ...overlooked(configuration)];
  return { kind: 'read', configuration, asked: reading.configuration, adjustments, notices, ...place };
}

/** Chooses the databases of the data set, and refuses what cannot be planned. */
export function prepareRun(read: ReadRun, dataSet: DataSet): PreparedRun | RefusedRun {
  const { configuration, asked, adjustments, notices, outputDirectory } = read;
  const place = outputDirectory === undefined ? {} : { outputDirectory };
  const found = dataSet.databases.map(({ name }) => name);
  const databases = selectDatabases(configuration, found);
  const reasons = refusalsOf({ configuration, asked, databases }, () => true);
  if (reasons.length > 0) return { kind: 'refused', reasons, ...place };
  const settings = scriptSettingsOf(configuration);
  return { kind: 'prepared', configuration, adjustments, notices, settings, dataSet, databases, ...place };
}

function refusalsOf(run: PlannedRun, counts: (rule: RunRule) => boolean): readonly string[] {
  const rules = [...RUN_RULES, ...COMBINATION_RULES, ...EXECUTE_RULES].filter(counts);
  return rules.filter((rule) => rule.applies(run)).map(({ code, text }) => `${code}: ${text(run)}`);
}

function noticesOf(options: readonly GivenOption[]): readonly string[] {
  const table: readonly PeerOption[] = PEER_OPTIONS;
  return options.flatMap(({ name, written }) => {
    const option = table.find(({ long }) => long === name);
    return option?.idle === true ? [`${written}: ${option.text}`] : [];
  });
}

function overlooked({ clusters }: HmsMirrorConfiguration): readonly string[] {
  return (['LEFT', 'RIGHT'] as const).flatMap((side) => {
    const cluster = clusters[side];
    if (cluster === undefined || !isHdp3Overlooked(cluster)) return [];
    return [`clusters.${side}.hdpHive3: without effect beside legacyHive: false, as in hms-mirror 3; say platformType: HDP3`];
  });
}

/** As hms-mirror finds it: a bare name lies in its folder in the home directory. */
function configurationFile(given: string | undefined, home: string): string {
  const name = given ?? 'default.yaml';
  if (isAbsolute(name) || (given !== undefined && existsSync(name))) return name;
  return name.includes('/') ? name : join(home, '.hms-mirror', 'cfg', name);
}

function valueOf(options: readonly GivenOption[], name: GivenOption['name']): string | undefined {
  return options.filter((option) => option.name === name).at(-1)?.value;
}

/** A run that is planned from a data set. */
export interface DataSetPlanning {
  readonly read: ReadRun;
  readonly file: string;
  readonly terminal: Terminal;
  /** The data set is put beside the other files. @default it stays where it is */
  readonly keepsDataSet?: boolean;
}

/** What a plan came to. */
export interface Planned {
  readonly exitCode: ExitCode;
  /** What executing must know of it. */
  readonly databases: readonly PlannedDatabase[];
}

/** Where plan and reports go. */
export function reportDirectoryOf({ outputDirectory }: Pick<ReadRun, 'outputDirectory'>, { home }: Terminal): string {
  return outputDirectory ?? join(home, '.hms-mirror', 'reports', 'hiveferry');
}
