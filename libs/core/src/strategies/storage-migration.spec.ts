import { describe, expect, it } from 'vitest';
import {
  SCRIPT_SETTINGS,
  aPair,
  aRecorded,
  aRecordedPartition,
  anAcidTable,
  linesOf,
  scriptOf,
  scriptsOf,
} from '../testing/script-builders.ts';
import type { SettingsOverrides } from '../testing/script-builders.ts';

const BY_DISTCP: SettingsOverrides = {
  strategy: 'STORAGE_MIGRATION',
  clusters: { target: SCRIPT_SETTINGS.clusters.source },
  locations: { translation: 'ALIGNED', targetNamespace: 'ofs://NEW', plans: { shop: { external: '/new/ext', managed: '/new/mng' } } },
  movement: { by: 'DISTCP' },
};
const ARCHIVED: SettingsOverrides = { ...BY_DISTCP, movement: { by: 'DISTCP', createArchive: true } };
const BY_SQL: SettingsOverrides = { ...BY_DISTCP, movement: { by: 'SQL' } };

describe('scripts of STORAGE_MIGRATION', () => {
  it('point the table and each partition at the place that the files are copied to', () => {
    const script = scriptsOf([aPair({ source: aRecorded('orders', {}, ['1']) })], BY_DISTCP);
    expect(linesOf(script.tables[0]?.statements ?? [])).toEqual([
      "source: ALTER TABLE `shop`.`orders` SET LOCATION 'ofs://NEW/new/ext/shop.db/orders'",
      "source: ALTER TABLE `shop`.`orders` PARTITION (`dt`='1') SET LOCATION 'ofs://NEW/new/ext/shop.db/orders/dt=1'",
    ]);
    expect(script.copies).toEqual([
      { side: 'source', source: 'hdfs://SRC/data/shop.db/orders', target: 'ofs://NEW/new/ext/shop.db/orders' },
    ]);
  });

  it('move the directories of the database as well, unless that is not wanted', () => {
    const database = (overrides: SettingsOverrides) => linesOf(scriptsOf([], overrides).statements);
    expect(database(BY_DISTCP)).toEqual([
      "source: ALTER DATABASE `shop` SET LOCATION 'ofs://NEW/new/ext/shop.db'",
      "source: ALTER DATABASE `shop` SET MANAGEDLOCATION 'ofs://NEW/new/mng/shop.db'",
    ]);
    expect(database({ ...BY_DISTCP, movement: { by: 'DISTCP', keepDatabaseLocation: true } })).toEqual([]);
  });

  it('keep the old table as an archive, and add each partition to the new one', () => {
    const { statements } = scriptOf(aRecorded('orders', {}, ['1']), ARCHIVED);
    expect(linesOf(statements).map((line) => line.replace(/ \( .*/, ''))).toEqual([
      'source: ALTER TABLE `shop`.`orders` RENAME TO `shop`.`orders_storage_migration`',
      'source: CREATE EXTERNAL TABLE `shop`.`orders`',
      'clean-up source: DROP TABLE IF EXISTS `shop`.`orders_storage_migration`',
      "source: ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='1') LOCATION 'ofs://NEW/new/ext/shop.db/orders/dt=1'",
    ]);
  });

  it('fill the new table from the archive by SQL', () => {
    expect(linesOf(scriptOf(anAcidTable(), BY_SQL).statements)).toContain(
      'source: FROM `shop`.`orders_storage_migration` INSERT OVERWRITE TABLE `shop`.`orders` SELECT *',
    );
  });

  it('make an Iceberg table of it on the way', () => {
    const lines = linesOf(scriptOf(aRecorded('orders', {}, ['1']), { ...BY_SQL, iceberg: { convert: true } }).statements);
    expect(lines.find((line) => line.includes('CREATE'))).toMatch(/STORED BY ICEBERG/);
    expect(lines.find((line) => line.includes('INSERT'))).not.toContain('PARTITION (');
  });

  describe('with a partition in a directory of another name', () => {
    const orders = aRecorded('orders', {}, ['1']);
    const odd = { ...orders, partitions: [aRecordedPartition('dt=1', 'hdfs://SRC/old/orders/odd')] };

    it('warn', () => {
      expect(scriptOf(odd, BY_DISTCP).issues).toMatchObject([
        { code: 'PARTITION_DIRECTORY_NAME', detail: { count: 1, examples: ['dt=1'] } },
      ]);
    });

    it('refuse in strict mode, and copy nothing', () => {
      const { tables, copies } = scriptsOf([aPair({ source: odd })], { ...BY_DISTCP, movement: { by: 'DISTCP', strict: true } });
      expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [] });
      expect(copies).toEqual([]);
    });
  });

  it('leave a table alone that lies in the planned directory', () => {
    const moved = aRecorded('orders', { storage: { ...aRecorded().table.storage, location: 'ofs://NEW/new/ext/shop.db/orders' } });
    expect(scriptOf(moved, BY_SQL)).toMatchObject({ decision: 'LEFT_ALONE', statements: [] });
  });

  it('copy a directory whole when all its tables go to one place, and only then', () => {
    const consolidated: SettingsOverrides = { ...BY_DISTCP, movement: { by: 'DISTCP', consolidateTables: true } };
    const pairs = [aPair({ source: aRecorded('a') }), aPair({ source: aRecorded('b') })];
    expect(scriptsOf(pairs, consolidated).copies).toEqual([
      { side: 'source', source: 'hdfs://SRC/data/shop.db', target: 'ofs://NEW/new/ext/shop.db' },
    ]);
    const managed = aPair({ source: aRecorded('c', { tableType: 'MANAGED_TABLE' }) });
    expect(scriptsOf([...pairs, managed], consolidated).copies).toHaveLength(3);
  });
});
