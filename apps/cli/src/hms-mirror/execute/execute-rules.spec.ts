import { describe, expect, it } from 'vitest';
import { adjust } from '../adjust.ts';
import { TWO_CLUSTERS, configurationOf } from '../testing.ts';
import { EXECUTE_RULES } from './execute-rules.ts';

function refusals(yaml: string, options: string): readonly string[] {
  const asked = configurationOf(
    yaml.startsWith('clusters') ? yaml : `${TWO_CLUSTERS}\n${yaml}`,
    ...options.split(' ').filter((word) => word !== ''),
  );
  const run = { asked, configuration: adjust(asked).configuration, databases: ['sales'] };
  return EXECUTE_RULES.filter((rule) => rule.applies(run)).map(({ text }) => text(run));
}

const NAMESPACES = 'clusters: {LEFT: {hcfsNamespace: "hdfs://l"}, RIGHT: {hcfsNamespace: "hdfs://r"}}';

const REFUSED: readonly (readonly [named: string, options: string, yaml: string])[] = [
  ['dataStrategy (-d) ICEBERG_CONVERSION', '-d ICEBERG_CONVERSION', ''],
  ['loadTestDataFile (-ltd)', '-ltd data.yaml', ''],
  [
    'disconnected (-rid)',
    '-rid',
    'clusters: {LEFT: {hcfsNamespace: "hdfs://l"}, RIGHT: {hcfsNamespace: "hdfs://r", hiveServer2: {uri: x}}}',
  ],
  ['databaseOnly (-dbo)', '-dbo', ''],
  ['dbRename (-dbr)', '-dbr other', ''],
  ['translationType (-tt) ALIGNED', '-tt ALIGNED', ''],
  ['userGlobalLocationMap (-glm)', '', 'translator: {userGlobalLocationMap: {/a: {MANAGED_TABLE: /b}}}'],
  ['intermediateStorage (-is)', '-is hdfs://between/x', ''],
  ['dataMovementStrategy DISTCP (-dc) with COMMON', '-d COMMON -dc', ''],
  ['transfer.distcp.packing, transfer.distcp.waveMinutes', '', `${NAMESPACES}\ntransfer: {distcp: {waveMinutes: 30}}`],
  ['migrateACID (-ma', '-ma', ''],
  ['icebergConversion.enable', '-d SQL', 'icebergConversion: {enable: true}'],
  ['migrateNonNative (-mnn', '-mnn', ''],
  ['ownershipTransfer (-to', '-to', ''],
  ['filter.dbPropertySkipList (-dbsp)', '-dbsp owner', ''],
  ['createIfNotExists (-cine)', '-cine', ''],
  ['skipLegacyTranslation (-slt)', '-slt', ''],
  ['skipFeatures (-sf)', '-sf', ''],
  ['saveWorkingTables (-swt)', '-d SQL -swt', ''],
  [
    'enableAutoTableStats, enableAutoColumnStats',
    '-d SQL',
    'clusters: {LEFT: {hcfsNamespace: "hdfs://l"}, RIGHT: {hcfsNamespace: "hdfs://r", enableAutoColumnStats: true}}',
  ],
  ['migrateACID.artificialBucketThreshold', '-d SQL -ma 10', ''],
  ['sync (-s) with migrateACID', '-d SQL -ma -s', ''],
  ['transfer.exportBaseDirPrefix', '-d SQL -ma', `${NAMESPACES}\ntransfer: {exportBaseDirPrefix: /tmp/export_}`],
  ['dataMovementStrategy SQL (-dms)', '-d STORAGE_MIGRATION -dms SQL', ''],
  ['createArchive', '-d STORAGE_MIGRATION -dc', `${NAMESPACES}\ntransfer: {storageMigration: {createArchive: true}}`],
  ['dbPrefix (-dbp)', '-d STORAGE_MIGRATION -dc -dbp dr_', ''],
  ['warehousePlans (-wps)', '-d SQL -wps sales=/a:/b', ''],
];

describe('executing is refused', () => {
  it.each(REFUSED)('for %s', (named, options, yaml) => {
    const found = refusals(yaml, `${options} -e`);
    expect(found.filter((text) => text.includes(named))).toHaveLength(1);
    expect(refusals(yaml, options)).toEqual([]);
  });

  it('by every rule there is: each has its case', () => {
    expect(REFUSED).toHaveLength(EXECUTE_RULES.length);
  });

  it('in words that say what to do', () => {
    for (const [, options, yaml] of REFUSED) {
      for (const text of refusals(yaml, `${options} -e`)) expect(text).toMatch(/: (?:.*; )?\w.*, or run the scripts of a dry run by hand/);
    }
  });
});

describe('executing is not refused', () => {
  it.each([
    ['SCHEMA_ONLY', ''],
    ['a sync for disaster recovery', '-ro -sync'],
    ['copies by DistCp', '-dc PULL'],
    ['a prefix and filters of tables', '-dbp dr_ -tf a.*'],
    ['LINKED', '-d LINKED'],
    ['STORAGE_MIGRATION', '-d STORAGE_MIGRATION -dc -smn s3a://lake -wps sales=/a:/b'],
    ['SQL with transactional tables that become external ones', '-d SQL -ma -da'],
    ['SQL with transactional tables that stay so', '-d SQL -ma'],
    ['SQL with transactional tables alone', '-d SQL -mao'],
    ['EXPORT_IMPORT', '-d EXPORT_IMPORT'],
    ['HYBRID with transactional tables that stay so', '-d HYBRID -ma -ep 5 -sp 50'],
  ])('for %s', (_name, options) => {
    expect(refusals('', `${options} -e`)).toEqual([]);
  });
});
