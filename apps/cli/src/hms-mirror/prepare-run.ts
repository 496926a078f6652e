import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ScriptSettings } from '@hiveferry/core';
import type { DataSet } from '../cli.module.ts';
import { adjust } from './adjust.ts';
import type { Adjustment } from './adjust.ts';
import { isHdp3Overlooked } from './cluster-schema.ts';
import { COMBINATION_RULES } from './combination-rules.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';
import { PEER_OPTIONS } from './option-table.ts';
import type { PeerOption } from './option-table.ts';
import { parseOptions } from './parse-options.ts';
import type { GivenOption } from './parse-options.ts';
import { readConfiguration } from './read-configuration.ts';
import { RUN_RULES } from './run-rules.ts';
import { scriptSettingsOf } from './script-settings.ts';
import { selectDatabases } from './select-databases.ts';

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

export interface Surroundings {
  readonly home: string;
  readonly openDataSet: (file: string) => DataSet;
}

/** Reads options, configuration and data set, adjusts, and refuses what cannot be planned. */
export function prepareRun(argv: readonly string[], { home, openDataSet }: Surroundings): PreparedRun | RefusedRun {
  const { options, problems } = parseOptions(argv);
  const outputDirectory = valueOf(options, 'output-dir');
  const place = outputDirectory === undefined ? {} : { outputDirectory };
  const refused = (reasons: readonly string[]): RefusedRun => ({ kind: 'refused', reasons, ...place });
  if (problems.length > 0) return refused(problems);
  const file = configurationFile(valueOf(options, 'config'), home);
  if (!existsSync(file)) return refused([`${file}: no such configuration file; name one by -cfg`]);
  const reading = readConfiguration(readFileSync(file, 'utf8'), options);
  if (reading.kind === 'invalid')
    return refused(reading.problems.map((problem) => (problem.startsWith('-') ? problem : `${problem} (${file})`)));
  const { configuration, adjustments } = adjust(reading.configuration);
  if (configuration.loadTestDataFile === undefined) {
    return refused(['no data set: ferry hms-mirror plans offline; name a data set of hms-mirror by -ltd FILE']);
  }
  const dataSet = openDataSet(configuration.loadTestDataFile);
  const databases = selectDatabases(
    configuration,
    dataSet.databases.map(({ name }) => name),
  );
  const run = { configuration, asked: reading.configuration, databases };
  const reasons = [...RUN_RULES, ...COMBINATION_RULES].filter((rule) => rule.applies(run)).map(({ code, text }) => `${code}: ${text(run)}`);
  if (reasons.length > 0) {
    dataSet.close();
    return refused(reasons);
  }
  const settings = scriptSettingsOf(configuration);
  return {
    kind: 'prepared',
    configuration,
    adjustments,
    notices: [...noticesOf(options), ...overlooked(configuration)],
    settings,
    dataSet,
    databases,
    ...place,
  };
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
