import { describe, expect, it } from 'vitest';
import { OLD_HIVE, aPair, aRecorded, aRecordedPartition, anAcidTable, linesOf, scriptOf, scriptsOf } from '../testing/script-builders.ts';

const ALIGNED_COPY = {
  locations: { translation: 'ALIGNED', plans: { shop: { external: '/new/ext', managed: '/new/mng' } } },
  movement: { by: 'DISTCP' },
} as const;

describe('scripts of SCHEMA_ONLY', () => {
  it('create the table at the same path of the target and find its partitions', () => {
    const { statements, decision } = scriptOf(aRecorded('orders', {}, ['1', '2']));
    expect(decision).toBe('MIGRATE');
    expect(linesOf(statements)).toEqual([
      "target: CREATE EXTERNAL TABLE `shop`.`orders` ( `id` int) PARTITIONED BY ( `dt` string) ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' " +
        "STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat' " +
        "LOCATION 'hdfs://TGT/data/shop.db/orders'",
      'target: MSCK REPAIR TABLE `shop`.`orders`',
    ]);
  });

  it('say each partition where locations are aligned and copied', () => {
    const script = scriptsOf([aPair({ source: aRecorded('orders', {}, ['1']) })], ALIGNED_COPY);
    expect(linesOf(script.tables[0]?.statements ?? []).at(-1)).toBe(
      "target: ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='1') LOCATION 'hdfs://TGT/new/ext/shop.db/orders/dt=1'",
    );
    expect(script.copies).toEqual([
      { side: 'target', source: 'hdfs://SRC/data/shop.db/orders', target: 'hdfs://TGT/new/ext/shop.db/orders' },
    ]);
  });

  it('copy a strayed partition to the place where the location map puts it', () => {
    const orders = aRecorded('orders', {}, ['1']);
    const strayed = { ...orders, partitions: [...orders.partitions, aRecordedPartition('dt=2', 'hdfs://SRC/old/orders/dt=2')] };
    expect(scriptsOf([aPair({ source: strayed })], ALIGNED_COPY).copies).toEqual([
      { side: 'target', source: 'hdfs://SRC/data/shop.db/orders', target: 'hdfs://TGT/new/ext/shop.db/orders' },
      { side: 'target', source: 'hdfs://SRC/old/orders/dt=2', target: 'hdfs://TGT/new/ext/shop.db/orders/dt=2' },
    ]);
  });

  it('refuse a partition that no rule covers, and copy nothing of its table', () => {
    const orders = aRecorded('orders', {}, ['1']);
    const strayed = { ...orders, partitions: [aRecordedPartition('dt=2', 'hdfs://SRC/old/orders/dt=2')] };
    const { tables, copies } = scriptsOf([aPair({ source: strayed })], { ...ALIGNED_COPY, locations: { translation: 'ALIGNED' } });
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'LOCATION_UNMAPPED_FOR_COPY' }] });
    expect(copies).toEqual([]);
  });

  it('refuse an aligned copy of a table whose directory has another name', () => {
    const named = aRecorded('orders', { storage: { ...aRecorded().table.storage, location: 'hdfs://SRC/data/shop.db/other' } });
    expect(scriptOf(named, ALIGNED_COPY)).toMatchObject({ decision: 'REFUSED', issues: [{ code: 'TABLE_DIRECTORY_NAME' }] });
  });

  it('take a trailing slash of a location for nothing', () => {
    const slashed = aRecorded('orders', { storage: { ...aRecorded().table.storage, location: 'hdfs://SRC/data/shop.db/orders/' } });
    expect(scriptsOf([aPair({ source: slashed })], ALIGNED_COPY).copies).toEqual([
      { side: 'target', source: 'hdfs://SRC/data/shop.db/orders', target: 'hdfs://TGT/new/ext/shop.db/orders' },
    ]);
  });

  it('make managed tables of an old Hive external ones that own their files', () => {
    const managed = aRecorded('orders', { tableType: 'MANAGED_TABLE' });
    const clusters = { source: OLD_HIVE };
    expect(linesOf(scriptOf(managed, { clusters }).statements)[0]).toContain("'external.table.purge'='true'");
    expect(linesOf(scriptOf(managed, { clusters, readOnly: true }).statements)[0]).not.toContain('purge');
  });

  it('create a transactional table without a location and say that its files stay', () => {
    const { statements, issues } = scriptOf(anAcidTable(), { movement: { by: 'DISTCP' } });
    expect(linesOf(statements)[0]).toContain('CREATE TABLE `shop`.`orders`');
    expect(linesOf(statements)[0]).not.toContain('LOCATION');
    expect(issues).toMatchObject([{ code: 'TRANSACTIONAL_NOT_COPIED' }]);
  });

  it('rename directories of the database, and nothing else that has its name in it', () => {
    const history = aRecorded('shop_history');
    const { statements } = scriptOf(history, { names: { databasePrefix: 'dr_' } });
    expect(linesOf(statements)[0]).toContain("LOCATION 'hdfs://TGT/data/dr_shop.db/shop_history'");
  });

  it('refuse a table that is on the target already', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: aRecorded() })]);
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'ON_TARGET_ALREADY' }] });
  });
});

describe('sync by SCHEMA_ONLY', () => {
  const changed = aRecorded('orders', { storage: { ...aRecorded().table.storage, columns: [{ name: 'id', type: 'bigint' }] } });
  const owning = aRecorded('orders', { ...changed.table, parameters: { 'external.table.purge': 'true' } });

  it('plans nothing where both sides are alike', () => {
    const { tables, copies } = scriptsOf([aPair({ source: aRecorded(), target: aRecorded() })], { sync: true });
    expect(tables[0]).toMatchObject({ decision: 'LEFT_ALONE', statements: [] });
    expect(copies).toEqual([]);
  });

  it('replaces a table that differs and drops one that the source no longer has', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: changed }), aPair({ target: aRecorded('gone') })], { sync: true });
    expect(tables.map(({ statements }) => linesOf(statements)[0])).toEqual([
      'target: DROP TABLE IF EXISTS `shop`.`gone`',
      'target: DROP TABLE IF EXISTS `shop`.`orders`',
    ]);
  });

  it('replaces no table that would take its files along', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: owning })], { sync: true });
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'TARGET_OWNS_FILES' }] });
  });

  it('adds missing partitions, points moved ones elsewhere and drops vanished ones', () => {
    const source = aRecorded('orders', {}, ['1', '2']);
    const there = {
      ...source,
      partitions: [aRecordedPartition('dt=2', 'hdfs://TGT/elsewhere'), aRecordedPartition('dt=3', 'hdfs://TGT/x')],
    };
    const { tables } = scriptsOf([aPair({ source, target: there })], { ...ALIGNED_COPY, sync: true });
    expect(linesOf(tables[0]?.statements ?? [])).toEqual([
      "target: ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='1') LOCATION 'hdfs://TGT/new/ext/shop.db/orders/dt=1'",
      "target: ALTER TABLE `shop`.`orders` PARTITION (`dt`='2') SET LOCATION 'hdfs://TGT/new/ext/shop.db/orders/dt=2'",
      "target: ALTER TABLE `shop`.`orders` DROP IF EXISTS PARTITION (`dt`='3')",
    ]);
  });
});
