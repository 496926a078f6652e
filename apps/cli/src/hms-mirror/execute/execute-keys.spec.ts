import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { adjust } from '../adjust.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import { mirrorSides } from '../live/mirror-sides.ts';
import { OPTION_EFFECTS } from '../option-effects.ts';
import { PEER_OPTIONS, PEER_PROPERTIES } from '../option-table.ts';
import type { PeerPropertyName } from '../option-table.ts';
import { schemaKeys } from '../schema-keys.ts';
import { scriptSettingsOf } from '../script-settings.ts';
import { selectDatabases } from '../select-databases.ts';
import { configurationOf } from '../testing.ts';
import { withValue } from '../tree.ts';
import type { Tree } from '../tree.ts';
import { EXECUTE_RULES } from './execute-rules.ts';
import { migrationRequestOf } from './migration-request.ts';
import type { PlannedTable } from './planned-tables.ts';
import { EXECUTE_KEYS } from './testing.ts';

const BASE = parse(`
clusters:
  LEFT:
    hcfsNamespace: hdfs://left
    hiveServer2: {uri: "jdbc:hive2://left:10000"}
    metastore_direct: {uri: "jdbc:postgresql://left/meta", type: POSTGRES, connectionProperties: {user: hive}}
  RIGHT:
    hcfsNamespace: hdfs://right
    hiveServer2: {uri: "jdbc:hive2://right:10000", connectionProperties: {user: hive, password: secret}}
    metastore_direct: {uri: "jdbc:postgresql://right/meta", type: POSTGRES, connectionProperties: {user: hive}}
transfer: {distcp: {window: {opens: "22:00", closes: "05:00"}}}
`) as Tree;

interface Configured {
  readonly asked: HmsMirrorConfiguration;
  readonly configuration: HmsMirrorConfiguration;
}

function configured(tree: Tree, options: string): Configured {
  const asked = configurationOf(stringify(tree), ...options.split(' ').filter((word) => word !== ''));
  return { asked, configuration: adjust(asked).configuration };
}

/** Lines that refuse to execute. */
function refusals(tree: Tree, options: string): readonly string[] {
  const run = { ...configured(tree, `${options} -e`), databases: ['sales'] };
  return EXECUTE_RULES.filter(({ applies }) => applies(run)).map(({ text }) => text(run));
}

/** What a configuration comes to, by the part of it that a key is for. */
const PARTS = {
  request: ({ configuration }: Configured): unknown => {
    const database = { name: 'sales', tables: new Map<string, PlannedTable>(), leftOut: [], dropped: [] };
    return migrationRequestOf(database, { configuration, namespaces: { sources: ['hdfs://left'], target: 'hdfs://right' }, proof: 'rows' })
      .body;
  },
  plan: ({ configuration }: Configured): unknown => [scriptSettingsOf(configuration), selectDatabases(configuration, ['sales', 'hr'])],
  clusters: ({ configuration }: Configured): unknown => mirrorSides(configuration),
} as const;

const paths = schemaKeys().map(({ path }) => path);
const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)));
const uses = Object.entries(EXECUTE_KEYS);
const effects = uses.flatMap(([path, use]) => (use.kind === 'effect' ? [[path, use] as const] : []));
const refused = uses.flatMap(([path, use]) => (use.kind === 'refused' ? [[path, use] as const] : []));

describe('every key of the configuration', () => {
  it('has its place among what executing makes of keys', () => {
    expect(uses.map(([path]) => path).sort()).toEqual([...leaves].sort());
  });

  it.each(effects)('%s has an effect', (path, { part, value, options = '' }) => {
    const changed = withValue(BASE, path.split('.'), value);
    const [before, after] = [BASE, changed].map((tree) => PARTS[part](configured(tree, `${options} -e`)));
    expect(after).not.toEqual(before);
    expect(refusals(changed, options)).toEqual([]);
  });

  it.each(refused)('%s is refused by name', (path, { value, options = '' }) => {
    expect(refusals(BASE, options)).toEqual([]);
    const names = path.split('.').slice(-3);
    const said = refusals(withValue(BASE, path.split('.'), value), options);
    expect(said.filter((line) => names.some((name) => line.includes(name)))).not.toEqual([]);
  });

  it('says why where it means nothing', () => {
    expect(uses.flatMap(([path, use]) => (use.kind === 'none' && use.why.length < 20 ? [path] : []))).toEqual([]);
  });
});

/** Options that set no key of the configuration by themselves, and what they are. */
const WITHOUT_KEY: Readonly<Partial<Record<PeerPropertyName, string>>> = {
  accept: 'nothing is asked',
  concurrency: 'said to be without effect',
  config: 'names the file',
  'create-if-not-exist': 'sets createIfNotExists of both clusters',
  'evaluate-partition-location': 'said to be without effect',
  flip: 'swaps the clusters before anything is looked at',
  'global-location-map': 'sets translator.userGlobalLocationMap',
  help: 'prints a page',
  'output-dir': 'names the folder of plan, reports and state',
  'pass-through': 'stands for another option',
  'password-key': 'passwords are not decrypted: encryptedPasswords is refused',
  'reset-to-default-location': 'said to be without effect',
  'right-is-disconnected': 'sets hiveServer2.disconnected of RIGHT',
  'sql-output': 'always on',
};

/** A value that each option takes. */
const SAMPLES: Readonly<Record<string, string>> = { 'warehouse-plans': 'db=/a:/b', 'property-overrides': 'a=b' };

describe('every option', () => {
  const names: readonly PeerPropertyName[] = [...PEER_OPTIONS.map(({ long }) => long), ...PEER_PROPERTIES];
  const effects = names.map((name) => [name, OPTION_EFFECTS[name](SAMPLES[name] ?? 'true')] as const);

  it('sets a key that has its place, is refused, or is told here', () => {
    const keyless = effects.filter(([, edits]) => edits.length === 0).map(([name]) => name);
    expect(keyless.sort()).toEqual(Object.keys(WITHOUT_KEY).sort());
    const set = effects.flatMap(([, edits]) => edits.flatMap((edit) => ('path' in edit ? [edit.path.join('.')] : [])));
    expect(set.filter((path) => !leaves.some((leaf) => path === leaf || path.startsWith(`${leaf}.`)))).toEqual([]);
  });
});
