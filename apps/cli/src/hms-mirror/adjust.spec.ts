import { describe, expect, it } from 'vitest';
import { adjust, isMetadataLoaded } from './adjust.ts';
import { TWO_CLUSTERS, configurationOf } from './testing.ts';

const adjusted = (...argv: readonly string[]) => adjust(configurationOf(TWO_CLUSTERS, ...argv));

/** Translation, movement, and whether the locations of partitions take part. */
function travel(...argv: readonly string[]) {
  const { configuration } = adjusted(...argv);
  const { translationType, dataMovementStrategy } = configuration.transfer.storageMigration;
  return [translationType, dataMovementStrategy, isMetadataLoaded(configuration) ? 'with partitions' : 'without partitions'].join(' ');
}

describe('adjustment before planning', () => {
  it.each([
    ['-d SCHEMA_ONLY', 'RELATIVE MANUAL without partitions'],
    ['-d SCHEMA_ONLY -dc', 'RELATIVE DISTCP without partitions'],
    ['-d SCHEMA_ONLY -tt ALIGNED', 'ALIGNED DISTCP with partitions'],
    ['-d SQL -dc', 'RELATIVE SQL with partitions'],
    ['-d HYBRID -dc', 'RELATIVE SQL without partitions'],
    ['-d EXPORT_IMPORT -dc', 'RELATIVE NA without partitions'],
    ['-d DUMP -tt ALIGNED -dc', 'RELATIVE NA with partitions'],
    ['-d STORAGE_MIGRATION', 'ALIGNED SQL with partitions'],
    ['-d STORAGE_MIGRATION -dms NA', 'ALIGNED DISTCP with partitions'],
    ['-d LINKED -tt ALIGNED -dc', 'ALIGNED DISTCP without partitions'],
    ['-d COMMON', 'RELATIVE SQL without partitions'],
  ])('%s travels %s', (options, expected) => {
    expect(travel(...options.split(' '))).toBe(expected);
  });

  it('says what it changed and why', () => {
    expect(adjusted('-d', 'EXPORT_IMPORT', '-dc').adjustments).toEqual([
      {
        key: 'transfer.storageMigration.dataMovementStrategy',
        from: 'DISTCP',
        to: 'NA',
        reason: 'EXPORT_IMPORT with RELATIVE locations moves data by NA',
      },
    ]);
  });

  it('protects data that others brought from a sync that drops tables', () => {
    expect(adjusted('-s').configuration).toMatchObject({ readOnly: true, noPurge: true });
    expect(adjusted('-d', 'SQL', '-s').configuration).toMatchObject({ readOnly: false, noPurge: false });
  });

  it('carries views by SCHEMA_ONLY', () => {
    expect(adjusted('-d', 'SQL', '-v').configuration.dataStrategy).toBe('SCHEMA_ONLY');
    expect(adjusted('-d', 'DUMP', '-v').configuration.dataStrategy).toBe('DUMP');
  });

  it('converts to Iceberg only where data is rewritten', () => {
    const yaml = `${TWO_CLUSTERS}\nicebergConversion: {enable: true}`;
    const enabled = (strategy: string) => adjust(configurationOf(yaml, '-d', strategy)).configuration.icebergConversion.enable;
    expect([enabled('SQL'), enabled('STORAGE_MIGRATION'), enabled('SCHEMA_ONLY')]).toEqual([true, true, false]);
  });

  it('forces locations on HDP 3', () => {
    const yaml = 'clusters: {LEFT: {platformType: CDP7_1}, RIGHT: {platformType: HDP3, hcfsNamespace: "hdfs://r"}}';
    expect(adjust(configurationOf(yaml)).configuration.translator.forceExternalLocation).toBe(true);
  });

  it('is nothing the second time', () => {
    for (const strategy of ['SCHEMA_ONLY', 'SQL', 'DUMP', 'STORAGE_MIGRATION', 'LINKED']) {
      const once = adjusted('-d', strategy, '-dc', '-tt', 'ALIGNED', '-s').configuration;
      expect(adjust(once)).toEqual({ configuration: once, adjustments: [] });
    }
  });
});
