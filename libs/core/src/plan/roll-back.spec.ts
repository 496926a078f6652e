import { describe, expect, it } from 'vitest';
import type { TablePair } from '../model/data-set.ts';
import { SCRIPT_SETTINGS, aDatabase, aPair, aRecorded, anAcidTable, scriptSettings, scriptsOf } from '../testing/script-builders.ts';
import type { SettingsOverrides } from '../testing/script-builders.ts';
import { planScripts } from '../plan-scripts.ts';
import { rollBackOf } from './roll-back.ts';

const NEW_HIVE = { ...SCRIPT_SETTINGS.clusters.source, namespace: 'hdfs://TGT' };
const IF_NOT_EXISTS = { target: { ...NEW_HIVE, createIfNotExists: true } };
const PURGED = { 'external.table.purge': 'true' };

/** The way back of one table on one side, each step on one line. */
function wayBack(pair: TablePair, overrides: SettingsOverrides, side: 'source' | 'target' = 'target'): readonly string[] {
  const [table] = scriptsOf([pair], overrides).tables;
  return rollBackOf(table?.statements ?? [], side).map((step) =>
    (step.kind === 'statement' ? step.sql : `none: ${step.reason}`).replaceAll(/\s+/g, ' ').replaceAll('( ', '('),
  );
}

describe('the way back', () => {
  it('drops a table that the plan made', () => {
    expect(wayBack(aPair({ source: aRecorded() }), {})).toEqual(['DROP TABLE IF EXISTS `shop`.`orders`']);
  });

  it('takes the files from a table that owns them before it is dropped: COMMON shares those of the source', () => {
    const source = aRecorded('orders', { tableType: 'MANAGED_TABLE' });
    expect(wayBack(aPair({ source }), { strategy: 'COMMON' })).toEqual([
      "ALTER TABLE `shop`.`orders` SET TBLPROPERTIES ('EXTERNAL'='TRUE', 'external.table.purge'='false')",
      'DROP TABLE IF EXISTS `shop`.`orders`',
    ]);
  });

  it('goes backwards', () => {
    const inPlace = { strategy: 'SQL', acid: { inPlace: true, downgrade: true }, movement: { by: 'SQL' } } as const;
    expect(wayBack(aPair({ source: anAcidTable() }), inPlace, 'source')).toEqual([
      "ALTER TABLE `shop`.`orders` SET TBLPROPERTIES ('external.table.purge'='false')",
      'DROP TABLE IF EXISTS `shop`.`orders`',
      'ALTER TABLE `shop`.`orders_archive` RENAME TO `shop`.`orders`',
    ]);
  });

  it('leaves alone a table that was there before, and says that its rows are gone', () => {
    const pair = aPair({ source: aRecorded(), target: aRecorded() });
    const overwritten = { strategy: 'SQL', sync: true, clusters: IF_NOT_EXISTS, movement: { by: 'SQL' } } as const;
    expect(wayBack(pair, overwritten)).toEqual([
      'none: the rows that it replaces are gone',
      'DROP TABLE IF EXISTS `shop`.`hms_mirror_shadow_orders`',
    ]);
    expect(wayBack(pair, { clusters: IF_NOT_EXISTS })).toEqual([]);
  });

  it('is closed where files went with a table', () => {
    const managed = aPair({ target: aRecorded('orders', { tableType: 'MANAGED_TABLE' }) });
    expect(wayBack(managed, { sync: true })).toEqual(['none: the files of the table went with it']);
  });

  it('is closed for a table that became an Iceberg table', () => {
    expect(wayBack(aPair({ source: aRecorded() }), { strategy: 'ICEBERG_CONVERSION' }, 'source')).toEqual([
      'none: Hive turns no Iceberg table into a plain one by its properties',
    ]);
  });

  it('of a linked table that was converted creates the linked one again, with its purge flag', () => {
    const pair = aPair({ source: aRecorded('orders', {}, ['1']), target: aRecorded('orders', { parameters: PURGED }, ['1']) });
    const back = wayBack(pair, { strategy: 'CONVERT_LINKED' });
    expect(back.map((sql) => sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'DROP TABLE',
      'CREATE EXTERNAL',
      'ALTER TABLE',
      'ALTER TABLE',
    ]);
    expect(back.at(-1)).toBe("ALTER TABLE `shop`.`orders` SET TBLPROPERTIES ('external.table.purge'='true')");
  });

  it('of a description is empty: it is never executed', () => {
    expect(wayBack(aPair({ source: aRecorded() }), { strategy: 'DUMP' }, 'source')).toEqual([]);
  });

  it('of a database drops the one that was made, and gives another one its location again', () => {
    const back = (there: boolean): readonly string[] => {
      const target = { name: 'shop', locationUri: 'hdfs://TGT/old', parameters: { k: 'was' } };
      const source = { name: 'shop', locationUri: 'hdfs://SRC/data/shop.db', parameters: { k: 'v', l: 'w' } };
      const database = aDatabase([], { source, ...(there ? { target } : {}) });
      return rollBackOf(planScripts(database, scriptSettings()).statements, 'target').map((step) =>
        step.kind === 'statement' ? step.sql : `none: ${step.reason}`,
      );
    };
    expect(back(false)).toEqual(['DROP DATABASE IF EXISTS `shop` RESTRICT']);
    expect(back(true)).toEqual([
      'none: Hive cannot unset what was not set before',
      "ALTER DATABASE `shop` SET DBPROPERTIES ('k'='was')",
      "ALTER DATABASE `shop` SET LOCATION 'hdfs://TGT/old'",
    ]);
  });
});
