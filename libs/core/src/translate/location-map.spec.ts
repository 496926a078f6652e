import { describe, expect, it } from 'vitest';
import { OLD_HIVE, aDatabase, aPair, aRecorded, aRecordedPartition, scriptSettings } from '../testing/script-builders.ts';
import { locationMapOf } from './location-map.ts';

describe('the entries that a warehouse plan makes', () => {
  const orders = aRecorded('orders', {}, ['1']);
  const strayed = { ...orders, partitions: [aRecordedPartition('dt=1', 'hdfs://SRC/old/orders/dt=1')] };
  const locations = { translation: 'ALIGNED', plans: { shop: { external: '/ext', managed: '/mng' } } } as const;
  const settings = scriptSettings({ locations, movement: { by: 'DISTCP' } });
  const pairs = [aPair({ source: strayed })];

  it('send the directories of tables and of strayed partitions to the planned one', () => {
    expect([...locationMapOf(aDatabase(pairs), settings, pairs)]).toEqual([
      ['/data/shop.db', { from: '/data/shop.db', external: '/ext/shop.db' }],
      ['/old', { from: '/old', external: '/ext/shop.db' }],
    ]);
  });

  it('map managed tables of an old Hive for both kinds', () => {
    const managed = [aPair({ source: aRecorded('orders', { tableType: 'MANAGED_TABLE' }) })];
    const old = scriptSettings({ locations, movement: { by: 'DISTCP' }, clusters: { source: OLD_HIVE } });
    expect([...locationMapOf(aDatabase(managed), old, managed).values()]).toEqual([
      { from: '/data/shop.db', managed: '/mng/shop.db', external: '/ext/shop.db' },
    ]);
  });

  it('give way to the user', () => {
    const mine = scriptSettings({ locations: { ...locations, map: [{ from: '/old', external: '/mine' }] }, movement: { by: 'DISTCP' } });
    expect(locationMapOf(aDatabase(pairs), mine, pairs).get('/old')).toEqual({ from: '/old', external: '/mine' });
  });
});
