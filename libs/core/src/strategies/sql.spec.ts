import { describe, expect, it } from 'vitest';
import { OLD_HIVE, aPair, aRecorded, anAcidTable, anInsertOnlyTable, linesOf, scriptOf, scriptsOf } from '../testing/script-builders.ts';
import type { SettingsOverrides } from '../testing/script-builders.ts';

const SQL: SettingsOverrides = { strategy: 'SQL', movement: { by: 'SQL' } };
const STAGED: SettingsOverrides = { ...SQL, locations: { intermediateStorage: 's3a://between' } };

/** Statements without the columns and formats of CREATE. */
function short(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/ \( .*? LOCATION/, ' .. LOCATION').replace(/ TBLPROPERTIES .*/, ''));
}

describe('scripts of SQL', () => {
  it('read the files of the source through a shadow table and insert into the new one', () => {
    const { statements } = scriptOf(aRecorded('orders', {}, ['1']), SQL);
    expect(short(linesOf(statements))).toEqual([
      'target: DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_orders`',
      "target: CREATE EXTERNAL TABLE `shop`.`hms_mirror_shadow_orders` .. LOCATION 'hdfs://SRC/data/shop.db/orders'",
      'target: MSCK REPAIR TABLE `shop`.`hms_mirror_shadow_orders`',
      "target: CREATE EXTERNAL TABLE `shop`.`orders` .. LOCATION 'hdfs://TGT/data/shop.db/orders'",
      'target: SET hive.optimize.sort.dynamic.partition=false',
      'target: FROM `shop`.`hms_mirror_shadow_orders` INSERT OVERWRITE TABLE `shop`.`orders` PARTITION (`dt`) SELECT *',
      'clean-up target: DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_orders`',
    ]);
  });

  it('write a copy without transactions to the intermediate storage first', () => {
    const { statements } = scriptOf(anAcidTable(), STAGED);
    expect(short(linesOf(statements.filter(({ purpose }) => purpose !== 'set')))).toEqual([
      'source: DROP TABLE IF EXISTS `shop`.`hms_mirror_transfer_orders`',
      "source: CREATE EXTERNAL TABLE `shop`.`hms_mirror_transfer_orders` .. LOCATION 's3a://between/hms_mirror_working/run/shop/orders'",
      'source: FROM `shop`.`orders` INSERT OVERWRITE TABLE `shop`.`hms_mirror_transfer_orders` SELECT *',
      'clean-up source: DROP TABLE IF EXISTS `shop`.`hms_mirror_transfer_orders`',
      'target: DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_orders`',
      "target: CREATE EXTERNAL TABLE `shop`.`hms_mirror_shadow_orders` .. LOCATION 's3a://between/hms_mirror_working/run/shop/orders'",
      expect.stringMatching(/^target: CREATE TABLE `shop`.`orders` (?!.*LOCATION)/),
      'target: FROM `shop`.`hms_mirror_shadow_orders` INSERT OVERWRITE TABLE `shop`.`orders` SELECT *',
      'clean-up target: DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_orders`',
    ]);
  });

  it('keep the statements of a table with too many partitions for a person', () => {
    const { decision, issues, statements } = scriptOf(aRecorded('orders', {}, ['1', '2']), { ...SQL, hybrid: { sqlPartitionLimit: 1 } });
    expect({ decision, issues }).toMatchObject({ decision: 'BY_HAND', issues: [{ code: 'PARTITION_LIMIT' }] });
    expect(statements).not.toEqual([]);
  });

  it('never overwrite a table of the target that sync was not asked for', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: aRecorded() })], SQL);
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [] });
  });

  it('downgrade a transactional table to an external one that owns its files', () => {
    const [create] = linesOf(
      scriptOf(anAcidTable(), { ...SQL, acid: { downgrade: true } }).statements.filter(({ purpose }) => purpose === 'create-table'),
    );
    expect(create).toContain('CREATE EXTERNAL TABLE `shop`.`orders`');
    expect(create).toContain("'downgraded_from_acid'='true'");
    expect(create).toContain("'external.table.purge'='true'");
    expect(create).not.toContain('transactional');
  });

  it('leave out a handful of buckets that only ACID asked for', () => {
    const storage = { ...aRecorded().table.storage, numBuckets: 2, bucketColumns: ['id'] };
    const acid = aRecorded('orders', { tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' }, storage });
    const creates = (threshold: number) =>
      linesOf(
        scriptOf(acid, { ...SQL, acid: { bucketThreshold: threshold } }).statements.filter(({ purpose }) => purpose === 'create-table'),
      )[0];
    expect(creates(2)).not.toContain('CLUSTERED');
    expect(creates(1)).toContain('CLUSTERED BY (`id`) INTO 2 BUCKETS');
  });

  it('spread rows by partition unless the configuration says otherwise', () => {
    const insert = (inserts: SettingsOverrides['inserts']) =>
      linesOf(scriptOf(aRecorded('orders', {}, ['1']), { ...SQL, inserts: { skipStatistics: true, ...inserts } }).statements).find((line) =>
        line.includes('INSERT'),
      );
    expect(insert({ plain: false })).toMatch(/SELECT \* DISTRIBUTE BY `dt`$/);
    expect(insert({ plain: false, sortDynamicPartitions: true })).toMatch(/SELECT \*$/);
  });
});

describe('scripts of SQL in place', () => {
  const IN_PLACE: SettingsOverrides = { ...SQL, acid: { inPlace: true, downgrade: true } };

  it('rename the table, create it anew, fill it, and drop the old one at the end', () => {
    const { statements } = scriptOf(anAcidTable(), IN_PLACE);
    expect(short(linesOf(statements)).map((line) => line.replace(/ \( .*/, ''))).toEqual([
      'source: ALTER TABLE `shop`.`orders` RENAME TO `shop`.`orders_archive`',
      'source: CREATE EXTERNAL TABLE `shop`.`orders`',
      'source: FROM `shop`.`orders_archive` INSERT OVERWRITE TABLE `shop`.`orders` SELECT *',
      'clean-up source: DROP TABLE IF EXISTS `shop`.`orders_archive`',
    ]);
  });

  it('leave a table alone that was converted before', () => {
    const done = aRecorded('orders', { tableType: 'MANAGED_TABLE', parameters: { transactional: 'true', acid_inplace: 'true' } });
    expect(scriptOf(done, IN_PLACE)).toMatchObject({ decision: 'LEFT_ALONE', statements: [] });
  });
});

describe('scripts of HYBRID', () => {
  const chosen = (count: number, overrides: SettingsOverrides = {}) =>
    scriptOf(
      aRecorded(
        'orders',
        {},
        Array.from({ length: count }, (_, index) => `${index}`),
      ),
      { strategy: 'HYBRID', hybrid: { exportPartitionLimit: 2 }, ...overrides },
    ).strategy;

  it('export few partitions and move many by SQL', () => {
    expect([chosen(0), chosen(2), chosen(3)]).toEqual(['EXPORT_IMPORT', 'EXPORT_IMPORT', 'SQL']);
  });

  it('keep the INSERT of a big table for a person', () => {
    const big = { ...aRecorded('orders', {}, ['1', '2', '3']), statistics: { sizeBytes: 11 } };
    const decided = (limit: number) =>
      scriptOf(big, { strategy: 'HYBRID', hybrid: { exportPartitionLimit: 2, sqlSizeLimitBytes: limit } }).decision;
    expect([decided(10), decided(11)]).toEqual(['BY_HAND', 'MIGRATE']);
  });

  it('move transactional tables of an old Hive by SQL', () => {
    expect(scriptOf(anAcidTable(), { strategy: 'HYBRID', clusters: { source: OLD_HIVE } }).strategy).toBe('SQL');
  });

  it.each([false, true])('move insert-only tables by SQL when they are to lose their transactions (in place: %s)', (inPlace) => {
    const downgraded = scriptOf(anInsertOnlyTable(), { strategy: 'HYBRID', acid: { downgrade: true, inPlace } });
    expect(downgraded).toMatchObject({ strategy: 'SQL', decision: 'MIGRATE' });
    expect(linesOf(downgraded.statements).join('\n')).toContain('INSERT OVERWRITE TABLE `shop`.`orders` SELECT *');
    expect(linesOf(downgraded.statements).join('\n')).not.toMatch(/EXPORT|IMPORT/);
    expect(scriptOf(anInsertOnlyTable(), { strategy: 'HYBRID', acid: { inPlace } }).strategy).toBe('EXPORT_IMPORT');
    expect(scriptOf(anAcidTable(), { strategy: 'HYBRID', acid: { downgrade: true, inPlace } }).strategy).toBe('EXPORT_IMPORT');
  });
});
