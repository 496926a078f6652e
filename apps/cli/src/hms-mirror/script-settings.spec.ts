import { describe, expect, it } from 'vitest';
import { scriptSettingsOf } from './script-settings.ts';
import { TWO_CLUSTERS, configurationOf } from './testing.ts';

const settings = (...argv: readonly string[]) => scriptSettingsOf(configurationOf(TWO_CLUSTERS, ...argv));

describe('settings of the core', () => {
  it('have the defaults of hms-mirror', () => {
    expect(settings()).toMatchObject({
      strategy: 'SCHEMA_ONLY',
      locations: { translation: 'RELATIVE', map: [], plans: {}, warehouse: { external: '/wh/external', managed: '/wh/managed' } },
      movement: { by: 'SQL', flow: 'PULL', strict: false },
      selection: { acid: 'no', views: false, nonNative: false },
      hybrid: { exportPartitionLimit: 100, sqlPartitionLimit: 500 },
      working: { shadowPrefix: 'hms_mirror_shadow_', archiveSuffix: '_storage_migration' },
      repairDefinitions: true,
    });
  });

  it.each([
    ['HDP2', { hiveMajor: 1, isHdp3: false, ownerTakesKind: false }],
    ['HDP3', { hiveMajor: 3, isHdp3: true, ownerTakesKind: false }],
    ['CDP7_3', { hiveMajor: 4, isHdp3: false, ownerTakesKind: true }],
    ['APACHE_HIVE2', { hiveMajor: 2, isHdp3: false, ownerTakesKind: false }],
  ])('know the Hive of %s', (platform, expected) => {
    const configuration = configurationOf(`clusters: {LEFT: {platformType: ${platform}}}`);
    expect(scriptSettingsOf(configuration).clusters.source).toMatchObject(expected);
  });

  it.each([
    ['{legacyHive: true}', 1, false],
    ['{legacyHive: true, hdpHive3: true}', 3, true],
    ['{legacyHive: false, hdpHive3: true}', 3, false],
    ['{legacyHive: false}', 3, false],
  ])('understand the older %s', (cluster, hiveMajor, isHdp3) => {
    expect(scriptSettingsOf(configurationOf(`clusters: {LEFT: ${cluster}}`)).clusters.source).toMatchObject({ hiveMajor, isHdp3 });
  });

  it('keep the letters of namespaces', () => {
    expect(settings('-smn', 's3a://My_Bucket/').locations.targetNamespace).toBe('s3a://My_Bucket');
  });

  it('take overrides by side', () => {
    expect(settings('-po', 'a=1', '-pol', 'b=2', '-por', 'c').inserts.overrides).toEqual([
      { key: 'a', value: '1', side: 'both' },
      { key: 'b', value: '2', side: 'source' },
      { key: 'c', side: 'target' },
    ]);
  });

  it('rename old SerDe classes, unless they are to keep their names', () => {
    expect(Object.keys(settings().serdeRenames)).toHaveLength(3);
    expect(settings('-slt').serdeRenames).toEqual({});
    const own = configurationOf(`legacyTranslations: {rowSerde: {"'a.B'": "'c.D'"}}`);
    expect(scriptSettingsOf(own).serdeRenames).toEqual({ 'a.B': 'c.D' });
  });

  it('have no target for what stays on LEFT', () => {
    expect(settings('-d', 'SQL', '-ip').clusters.target).toBeUndefined();
  });
});
