import { describe, expect, it } from 'vitest';
import { HmsMirrorSchema } from './configuration-schema.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';
import { OPTION_EFFECTS } from './option-effects.ts';
import { OLDER_KEYS } from './older-keys.ts';
import { parseOptions } from './parse-options.ts';
import { readConfiguration } from './read-configuration.ts';
import { schemaKeys } from './schema-keys.ts';

const LEGACY = 'clusters: {LEFT: {legacyHive: "true"}, RIGHT: {legacyHive: "false", hcfsNamespace: "hdfs://HOME"}}\n';

function read(yaml: string, ...argv: readonly string[]): HmsMirrorConfiguration {
  const reading = readConfiguration(yaml, parseOptions(argv).options);
  if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
  return reading.configuration;
}

function problems(yaml: string, ...argv: readonly string[]): readonly string[] {
  const reading = readConfiguration(yaml, parseOptions(argv).options);
  return reading.kind === 'invalid' ? reading.problems : [];
}

describe('a configuration', () => {
  it('of nothing has the defaults', () => {
    expect(read('')).toMatchObject({
      dataStrategy: 'SCHEMA_ONLY',
      transfer: { storageMigration: { dataFlow: 'PULL' } },
      hybrid: { sqlPartitionLimit: 500 },
    });
  });

  it('that says null says nothing', () => {
    expect(read('transfer: {warehouse: {managedDirectory: null, externalDirectory: null}}').transfer.warehouse).toEqual({});
  });

  it('understands truth values and numbers in quotes', () => {
    expect(read('{sync: "true", migrateACID: {"on": "TRUE", partitionLimit: "7"}}')).toMatchObject({
      sync: true,
      migrateACID: { on: true, partitionLimit: 7 },
    });
  });

  it.each([
    [
      'storageMigraton',
      'transfer: {storageMigraton: {}}',
      'transfer.storageMigraton: no key of that name; did you mean transfer.storageMigration?',
    ],
    [
      'of a cluster',
      'clusters: {LEFT: {platfromType: CDP7_1}}',
      'clusters.LEFT.platfromType: no key of that name; did you mean clusters.LEFT.platformType?',
    ],
    [
      'without a neighbour',
      'ownershipTransfer: {zzzzzzzz: 1}',
      'ownershipTransfer.zzzzzzzz: no key of that name; expected one of database, table',
    ],
    [
      'of a plan',
      'translator: {warehouseMapBuilder: {warehousePlans: {a: {managed: /x}}}}',
      'expected one of source, externalDirectory, managedDirectory',
    ],
  ])('with an unknown key %s is refused with the nearest one', (_name, yaml, text) => {
    expect(problems(yaml).join()).toContain(text);
  });

  it('with wrong values names key, expectation and finding, and the option that set it', () => {
    expect(problems('sync: maybe')).toEqual(['sync: expected true or false, found "maybe"']);
    expect(problems('', '-dms', 'TELEPORT')).toEqual([
      '-dms (transfer.storageMigration.dataMovementStrategy): expected one of SQL, EXPORT_IMPORT, HYBRID, DISTCP, MANUAL, NA, found "TELEPORT"',
    ]);
  });

  it('that is not YAML says so', () => {
    expect(problems('a: [')[0]).toContain('the configuration file is not YAML');
    expect(problems('- a')).toEqual(['the configuration file: expected YAML with keys such as clusters and dataStrategy']);
  });

  it('with a pattern that cannot be read is refused', () => {
    expect(problems('', '-tf', '(')[0]).toContain('filter.tblRegEx (-tf): (: expected a regular expression');
  });
});

describe('older keys', () => {
  it('mean what they meant', () => {
    const yaml = `
transferOwnership: true
migratedNonNative: true
icebergConfig: {version: 1}
evaluatePartitionLocation: true
transfer: {commonStorage: "s3a://c/", storageMigration: {distcp: true}}
translator: {globalLocationMap: {/a: /b}}
`;
    expect(read(yaml)).toMatchObject({
      ownershipTransfer: { database: true, table: true },
      migrateNonNative: true,
      icebergConversion: { version: 1 },
      transfer: { targetNamespace: 's3a://c', storageMigration: { dataMovementStrategy: 'DISTCP' } },
      translator: { userGlobalLocationMap: { '/a': { EXTERNAL_TABLE: '/b', MANAGED_TABLE: '/b' } } },
    });
  });

  it('of the seed documents are understood: plans in both forms, maps as lists', () => {
    const byPath =
      'transfer: {warehousePlans: [{sourcePath: /apps/hive, targetPath: /warehouse}]}\ntranslator: {globalLocationMap: [{from: /a, to: /b}]}';
    expect(Object.keys(read(byPath).translator.userGlobalLocationMap)).toEqual(['/apps/hive', '/a']);
    const byDatabase =
      'transfer: {warehousePlans: {sales: {managedDirectory: /m/sales.db, externalDirectory: /e/sales.db}}, translationType: ALIGNED}';
    expect(read(byDatabase).translator.warehouseMapBuilder.warehousePlans).toEqual({
      sales: { managedDirectory: '/m', externalDirectory: '/e' },
    });
  });

  it('lose to today’s key beside them', () => {
    expect(read('{transfer: {commonStorage: "s3a://old", targetNamespace: "s3a://new"}}').transfer.targetNamespace).toBe('s3a://new');
  });

  it('are not also keys of today', () => {
    const today = new Set(schemaKeys().map(({ path }) => path));
    expect(Object.keys(OLDER_KEYS).filter((key) => today.has(key))).toEqual([]);
  });
});

describe('options', () => {
  it('change keys that exist', () => {
    const values: Readonly<Record<string, string>> = { 'warehouse-plans': 'a=/e:/m', 'property-overrides': 'a=b' };
    const tops = new Set(schemaKeys().map(({ path }) => path));
    const unknown = Object.entries(OPTION_EFFECTS).flatMap(([name, effect]) =>
      effect(values[name] ?? 'true')
        .flatMap((edit) => ('path' in edit ? [edit.path] : []))
        .filter((path) => !tops.has(path.join('.')) && !/overrides\.properties|tableProperties|warehousePlans/.test(path.join('.'))),
    );
    expect(unknown).toEqual([]);
  });

  it.each<[string, readonly string[], object]>([
    ['-dc alone', ['-dc'], { transfer: { storageMigration: { dataMovementStrategy: 'DISTCP', dataFlow: 'PULL' } } }],
    ['-dc PUSH', ['-dc', 'push'], { transfer: { storageMigration: { dataMovementStrategy: 'DISTCP', dataFlow: 'PUSH' } } }],
    [
      '-is sets the flow too',
      ['-dc', '-is', 's3a://i'],
      { transfer: { intermediateStorage: 's3a://i', storageMigration: { dataFlow: 'PUSH_PULL' } } },
    ],
    ['--common-storage works', ['--common-storage', 's3a://c/'], { transfer: { targetNamespace: 's3a://c' } }],
    ['-ma 4', ['-ma', '4'], { migrateACID: { on: true, only: false, artificialBucketThreshold: 4 } }],
    ['-ma wins over -mao', ['-ma', '-mao'], { migrateACID: { on: true, only: false } }],
    ['-da asks for ACID', ['-da'], { migrateACID: { on: true, only: false, downgrade: true } }],
    ['-ip asks for ACID only', ['-ip'], { migrateACID: { on: true, only: true, inplace: true } }],
    ['-cine on both sides', ['-cine'], { clusters: { LEFT: { createIfNotExists: true }, RIGHT: { createIfNotExists: true } } }],
    ['-f swaps the clusters', ['-f'], { clusters: { LEFT: { hcfsNamespace: 'hdfs://HOME' } } }],
    ['-po', ['-po', 'a=b,c'], { optimization: { overrides: { properties: { a: { BOTH: 'b' }, c: { BOTH: '' } } } } }],
    [
      '-wd loses the target namespace',
      ['-smn', 'ofs://o', '-wd', 'ofs://o/w/m/'],
      { transfer: { warehouse: { managedDirectory: '/w/m' } } },
    ],
    ['-s is nothing to DUMP', ['-s', '-d', 'DUMP'], { sync: false }],
    [
      'align-locations=false is false',
      ['-pt', 'hms-mirror.config.align-locations=false'],
      { transfer: { storageMigration: { translationType: 'RELATIVE' } } },
    ],
  ])('%s', (_name, argv, expected) => {
    expect(read(LEGACY, ...argv)).toMatchObject(expected);
  });

  it.each([
    ['external and, where managed tables become external, managed', '/a=/b', { EXTERNAL_TABLE: '/b', MANAGED_TABLE: '/b' }],
    ['both', '/a=/b:/c', { EXTERNAL_TABLE: '/b', MANAGED_TABLE: '/c' }],
    ['managed', '/a=:/c', { MANAGED_TABLE: '/c' }],
    ['by kind, as its documentation has it', '/a=EXTERNAL_TABLE:/b,/a=MANAGED_TABLE:/c', { EXTERNAL_TABLE: '/b', MANAGED_TABLE: '/c' }],
  ])('-glm maps %s', (_name, entry, kinds) => {
    expect(read(LEGACY, '-glm', entry).translator.userGlobalLocationMap).toEqual({ '/a': kinds });
  });

  it.each([
    [['-glm', '/a'], '--global-location-map /a: expected from=external'],
    [['-wps', 'sales=/e'], '-wps: sales=/e: expected db=external-directory:managed-directory'],
    [['-wd', 'hdfs://other/x'], 'expected a path without namespace'],
    [['--replay', 'dir'], '--replay: hms-mirror never had it'],
    [['-p', 'secret'], '-p: ferry keeps no passwords in files'],
  ])('%j is refused with what to do', (argv, text) => {
    expect(problems(LEGACY, ...argv).join()).toContain(text);
  });
});

describe('the schema', () => {
  it('describes every key', () => {
    expect(
      schemaKeys(HmsMirrorSchema)
        .filter(({ description }) => description === '')
        .map(({ path }) => path),
    ).toEqual(['clusters.LEFT', 'clusters.RIGHT']);
  });

  it('reads what it wrote', async () => {
    const { effectiveConfiguration } = await import('./effective-configuration.ts');
    const once = effectiveConfiguration(read(LEGACY, '-wps', 'a=/e:/m', '-tf', 'x.*'));
    expect(effectiveConfiguration(read(once))).toBe(once);
  });

  it('hides users and passwords when it writes', async () => {
    const { effectiveConfiguration } = await import('./effective-configuration.ts');
    const yaml =
      'clusters: {LEFT: {hiveServer2: {uri: "jdbc:hive2://h/;trustStorePassword=geheim;ssl=true", connectionProperties: {user: ich, password: geheim}}}}';
    expect(effectiveConfiguration(read(yaml))).not.toMatch(/geheim|: ich/);
  });

  it.each([
    'jdbc:hive2://h/;transportMode=http;http.header.X-Key=geheim;ssl=true',
    'jdbc:hive2://h/;http.cookie.session=geheim',
    'jdbc:hive2://ich:geheim@h/',
  ])('hides what is secret in %s', async (uri) => {
    const { effectiveConfiguration } = await import('./effective-configuration.ts');
    expect(effectiveConfiguration(read(`clusters: {LEFT: {hiveServer2: {uri: "${uri}"}}}`))).not.toMatch(/geheim/);
  });
});
