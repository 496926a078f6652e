import { describe, expect, it } from 'vitest';
import { planScripts } from './plan-scripts.ts';
import {
  aDatabase,
  aPair,
  aRecorded,
  aRecordedPartition,
  linesOf,
  scriptOf,
  scriptSettings,
  scriptsOf,
} from './testing/script-builders.ts';
import type { SettingsOverrides } from './testing/script-builders.ts';

const ALIGNED: SettingsOverrides = {
  locations: { translation: 'ALIGNED', plans: { shop: { external: '/ext', managed: '/mng' } } },
  movement: { by: 'DISTCP' },
};
const at = (location: string) => aRecorded('orders', { storage: { ...aRecorded().table.storage, location } });
const create = (overrides: SettingsOverrides, source = aRecorded()) => linesOf(scriptOf(source, overrides).statements)[0] ?? '';

/** What the recorded program does wrong (section 11.1 of the reference on it), by number, and ours does right. */
describe('scripts do not', () => {
  it('#3 cut off the last letter of a directory with a trailing slash', () => {
    expect(scriptsOf([aPair({ source: at('hdfs://SRC/data/shop.db/orders/') })], ALIGNED).copies[0]?.source).toBe(
      'hdfs://SRC/data/shop.db/orders',
    );
  });

  it('#4 give one source two targets over intermediate storage', () => {
    const { copies } = scriptsOf([aPair({ source: aRecorded() })], {
      ...ALIGNED,
      locations: { ...ALIGNED.locations, intermediateStorage: 's3a://b' },
    });
    expect(copies.map(({ side, source, target }) => `${side} ${source} ${target}`)).toEqual([
      'source hdfs://SRC/data/shop.db/orders s3a://b/hms_mirror_working/run/shop.db/orders',
      'target s3a://b/hms_mirror_working/run/shop.db/orders hdfs://TGT/ext/shop.db/orders',
    ]);
  });

  it('#6 end well without a word where EXPORT_IMPORT in sync finds the table there', () => {
    const { tables } = scriptsOf([aPair({ source: aRecorded(), target: aRecorded() })], { strategy: 'EXPORT_IMPORT', sync: true });
    expect(tables[0]?.decision).toBe('REFUSED');
  });

  it('#7 copy the directory of a linked table onto itself', () => {
    expect(scriptsOf([aPair({ source: aRecorded() })], { ...ALIGNED, strategy: 'LINKED' }).copies).toEqual([]);
  });

  it('#9 take partition values as they are written in paths', () => {
    const orders = aRecorded('orders', {}, ['10%3A00', "o'brien"]);
    const [, add] = linesOf(scriptOf(orders, ALIGNED).statements);
    expect(add).toContain("PARTITION (`dt`='10:00') LOCATION 'hdfs://TGT/ext/shop.db/orders/dt=10%3A00'");
    expect(add).toContain("PARTITION (`dt`='o\\'brien')");
  });

  it('#10 leave names unquoted', () => {
    expect(create({}, aRecorded('select'))).toContain('`shop`.`select`');
  });

  it('#11 match entries of the location map without a boundary, or make paths of missing entries', () => {
    const map = (from: string) => create({ locations: { map: [{ from, managed: '/m' }] } });
    expect(map('/data/sho')).toContain("'hdfs://TGT/data/shop.db/orders'");
    expect(map('/data/shop.db')).toContain("'hdfs://TGT/data/shop.db/orders'");
  });

  it('#12 replace the name of a database anywhere in a path', () => {
    expect(create({ names: { databasePrefix: 'dr_' } }, aRecorded('shop_old'))).toContain("'hdfs://TGT/data/dr_shop.db/shop_old'");
  });

  it('#13 put external tables into the managed directory of a database without a location', () => {
    const database = aDatabase([aPair({ source: aRecorded() })], {
      source: { name: 'shop', parameters: {}, managedLocationUri: 'hdfs://SRC/m/other.db' },
    });
    expect(planScripts(database, scriptSettings(ALIGNED)).copies[0]?.target).toBe('hdfs://TGT/ext/shop.db/orders');
  });

  it('#17 copy tables that are refused', () => {
    const strayed = { ...aRecorded('orders', {}, ['1']), partitions: [aRecordedPartition('dt=1', 'hdfs://SRC/x/dt=1')] };
    const strict = { ...ALIGNED, strategy: 'STORAGE_MIGRATION', movement: { by: 'DISTCP', strict: true } } as const;
    expect(scriptsOf([aPair({ source: strayed })], strict).copies).toEqual([]);
  });

  it('#18 carry strangers along: each table is a copy of its own', () => {
    const pairs = ['a', 'b'].map((name) => aPair({ source: aRecorded(name) }));
    expect(scriptsOf(pairs, ALIGNED).copies.map(({ source }) => source)).toEqual([
      'hdfs://SRC/data/shop.db/a',
      'hdfs://SRC/data/shop.db/b',
    ]);
  });

  it('#22 fail where the target has no database: ICEBERG_CONVERSION stays on the source', () => {
    const { clusters } = scriptSettings();
    const script = planScripts(
      aDatabase([aPair({ source: aRecorded() })]),
      scriptSettings({ strategy: 'ICEBERG_CONVERSION', clusters: { source: clusters.source } }),
    );
    expect(script.tables[0]?.decision).toBe('MIGRATE');
  });
});
