import { describe, expect, it } from 'vitest';
import { aPair, aRecorded, anAcidTable, linesOf, scriptOf, scriptsOf } from '../testing/script-builders.ts';
import { STRATEGIES } from './registry.ts';

describe('scripts of DUMP', () => {
  it('write the definition of the source down, with its partitions', () => {
    const lines = linesOf(scriptOf(aRecorded('orders', {}, ['1']), { strategy: 'DUMP' }).statements);
    expect(lines[0]).toContain("LOCATION 'hdfs://SRC/data/shop.db/orders'");
    expect(lines[1]).toBe(
      "source: ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='1') LOCATION 'hdfs://SRC/data/shop.db/orders/dt=1'",
    );
  });

  it('write no location of a transactional table', () => {
    expect(linesOf(scriptOf(anAcidTable(), { strategy: 'DUMP' }).statements)[0]).not.toContain('LOCATION');
  });
});

describe('scripts of CONVERT_LINKED', () => {
  const converted = (source: ReturnType<typeof aRecorded>, target: ReturnType<typeof aRecorded>) =>
    linesOf(scriptsOf([aPair({ source, target })], { strategy: 'CONVERT_LINKED' }).tables[0]?.statements ?? []);

  it('point a table without partitions at its own files', () => {
    expect(converted(aRecorded(), aRecorded())).toEqual([
      "target: ALTER TABLE `shop`.`orders` SET LOCATION 'hdfs://TGT/data/shop.db/orders'",
    ]);
  });

  it('create a partitioned table anew, and let the DROP touch no file', () => {
    const linked = aRecorded('orders', { parameters: { 'external.table.purge': 'true' } }, ['1']);
    expect(converted(aRecorded('orders', {}, ['1']), linked).slice(0, 2)).toEqual([
      "target: ALTER TABLE `shop`.`orders` UNSET TBLPROPERTIES ('external.table.purge')",
      'target: DROP TABLE IF EXISTS `shop`.`orders`',
    ]);
  });

  it('refuse a table that is not there to be converted', () => {
    expect(scriptOf(aRecorded(), { strategy: 'CONVERT_LINKED' })).toMatchObject({
      decision: 'REFUSED',
      issues: [{ code: 'NOT_LINKED_YET' }],
    });
  });
});

describe('scripts of ICEBERG_CONVERSION', () => {
  it('set the storage handler over the same files', () => {
    expect(linesOf(scriptOf(aRecorded(), { strategy: 'ICEBERG_CONVERSION' }).statements)).toEqual([
      "source: ALTER TABLE `shop`.`orders` SET TBLPROPERTIES ( 'format-version'='2', " +
        "'storage_handler'='org.apache.iceberg.mr.hive.HiveIcebergStorageHandler', 'write.format.default'='orc')",
    ]);
  });

  it('refuse managed tables', () => {
    expect(scriptOf(anAcidTable(), { strategy: 'ICEBERG_CONVERSION' })).toMatchObject({ decision: 'REFUSED' });
  });
});

describe('views', () => {
  const view = (name: string, text: string) =>
    aPair({
      source: aRecorded(name, {
        tableType: 'VIRTUAL_VIEW',
        viewOriginalText: text,
        viewExpandedText: text,
        storage: { ...aRecorded().table.storage, location: '' },
      }),
    });
  const pairs = [
    view('second', "SELECT `first`.`id`, 'shop.first' FROM `shop`.`first`"),
    view('first', 'SELECT shop.id FROM shop.orders shop'),
  ];

  it('come after the views that they read', () => {
    expect(scriptsOf(pairs, { selection: { views: true } }).tables.map(({ name }) => name)).toEqual(['first', 'second']);
  });

  it('read from databases by their new names', () => {
    const { tables } = scriptsOf(pairs, { selection: { views: true }, names: { databasePrefix: 'dr_' } });
    expect(tables.flatMap(({ statements }) => linesOf(statements))).toEqual([
      'target: CREATE VIEW IF NOT EXISTS `dr_shop`.`first` AS SELECT shop.id FROM `dr_shop`.orders shop',
      "target: CREATE VIEW IF NOT EXISTS `dr_shop`.`second` AS SELECT `first`.`id`, 'shop.first' FROM `dr_shop`.`first`",
    ]);
  });
});

it('the role of DistCp in each strategy is the one of the summary table', () => {
  expect(Object.entries(STRATEGIES).map(([name, { distcp }]) => `${name} ${distcp.role}`)).toEqual([
    'SCHEMA_ONLY PRIMARY',
    'LINKED NONE',
    'SQL NONE',
    'EXPORT_IMPORT OPTIONAL',
    'HYBRID CONDITIONAL',
    'STORAGE_MIGRATION PRIMARY',
    'COMMON NONE',
    'DUMP INFORMATIONAL',
    'CONVERT_LINKED ASSUMED',
    'ICEBERG_CONVERSION DEPENDS',
  ]);
});
