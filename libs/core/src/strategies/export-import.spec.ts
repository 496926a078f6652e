import { describe, expect, it } from 'vitest';
import { OLD_HIVE, aPair, aRecorded, anAcidTable, anInsertOnlyTable, linesOf, scriptOf, scriptsOf } from '../testing/script-builders.ts';

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

  it.each([false, true])('refuse insert-only tables that are to lose their transactions (in place: %s)', (inPlace) => {
    const script = scriptOf(anInsertOnlyTable(), { strategy: 'EXPORT_IMPORT', acid: { downgrade: true, inPlace } });
    expect(script).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'EXPORT_OF_INSERT_ONLY' }] });
  });

  it('export insert-only tables that stay what they are', () => {
    expect(linesOf(scriptOf(anInsertOnlyTable(), { strategy: 'EXPORT_IMPORT' }).statements)).toEqual([
      "source: EXPORT TABLE `shop`.`orders` TO 'hdfs://SRC/apps/hive/warehouse/export_shop/orders'",
      "target: IMPORT TABLE `shop`.`orders` FROM 'hdfs://SRC/apps/hive/warehouse/export_shop/orders'",
    ]);
  });

  it.each(['EXPORT_IMPORT', 'HYBRID'] as const)('warn where an imported table reads its export from then on (%s)', (strategy) => {
    const at = 'hdfs://SRC/apps/hive/warehouse/export_shop/orders';
    for (const inPlace of [false, true]) {
      const { issues, decisions, statements } = scriptOf(anAcidTable(), { strategy, acid: { downgrade: true, inPlace } });
      expect(linesOf(statements).join('\n')).toContain(`IMPORT EXTERNAL TABLE \`shop\`.\`orders\` FROM '${at}'`);
      expect(issues).toMatchObject([{ code: 'IMPORTED_WHERE_EXPORTED', severity: 'warning', detail: { location: at } }]);
      expect(decisions.map(({ reason }) => reason).join()).not.toContain('removed by hand');
    }
  });

  it('say what is removed by hand where the import copies it', () => {
    for (const source of [aRecorded(), anAcidTable()]) {
      const { issues, decisions } = scriptOf(source, { strategy: 'EXPORT_IMPORT' });
      expect(issues).toEqual([]);
      expect(decisions.map(({ reason }) => reason).join()).toContain('removed by hand');
    }
  });

  it('refuse to replace data of the target, also in sync', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: aRecorded() })], { strategy: 'EXPORT_IMPORT', sync: true });
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'SYNC_WOULD_REPLACE_DATA' }] });
  });
});
