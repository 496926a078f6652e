import { describe, expect, it } from 'vitest';
import { OLD_HIVE, aPair, aRecorded, anAcidTable, linesOf, scriptOf, scriptsOf } from '../testing/script-builders.ts';

describe('scripts of EXPORT_IMPORT', () => {
  it('export beside the warehouse of the source and import as an external table', () => {
    expect(linesOf(scriptOf(aRecorded(), { strategy: 'EXPORT_IMPORT' }).statements)).toEqual([
      "source: EXPORT TABLE `shop`.`orders` TO 'hdfs://SRC/apps/hive/warehouse/export_shop/orders'",
      "target: IMPORT EXTERNAL TABLE `shop`.`orders` FROM 'hdfs://SRC/apps/hive/warehouse/export_shop/orders' LOCATION 'hdfs://TGT/data/shop.db/orders'",
    ]);
  });

  it('export to a storage that both clusters reach, where there is one', () => {
    const script = scriptOf(anAcidTable(), { strategy: 'EXPORT_IMPORT', locations: { intermediateStorage: 's3a://between' } });
    expect(linesOf(script.statements)).toEqual([
      "source: EXPORT TABLE `shop`.`orders` TO 's3a://between/hms_mirror_working/run/shop/orders'",
      "target: IMPORT TABLE `shop`.`orders` FROM 's3a://between/hms_mirror_working/run/shop/orders'",
    ]);
  });

  it('refuse transactional tables between an old and a new Hive', () => {
    const script = scriptOf(anAcidTable(), { strategy: 'EXPORT_IMPORT', clusters: { source: OLD_HIVE } });
    expect(script).toMatchObject({ decision: 'REFUSED', issues: [{ code: 'EXPORT_ACROSS_HIVE_VERSIONS' }] });
  });

  it('refuse to replace data of the target, also in sync', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: aRecorded() })], { strategy: 'EXPORT_IMPORT', sync: true });
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'SYNC_WOULD_REPLACE_DATA' }] });
  });
});
