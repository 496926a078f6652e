import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTINGS, SOURCE, TARGET, location } from '../testing/builders.ts';
import type { LocationMapEntry } from '../model/script-settings.ts';
import { aDatabase, aPair, aRecorded, scriptSettings } from '../testing/script-builders.ts';
import { mapLocation } from './map-location.ts';
import { byLocationMap, bySamePath, byWarehouse, mapPlace } from './place-rules.ts';
import type { MapOfLocations, PlaceOf } from './place-rules.ts';
import { translatePlace } from './translate-place.ts';

const mapOf = (...entries: readonly LocationMapEntry[]) => new Map(entries.map((entry) => [entry.from, entry]));
interface Asked {
  readonly kind?: PlaceOf['kind'];
  readonly keys?: MapOfLocations['keys'];
}

const goes = (map: ReturnType<typeof mapOf>, from: string, { kind = 'external', keys = 'paths' }: Asked = {}) => {
  const found = mapPlace([byLocationMap({ map, keys, namespace: 'hdfs://T' })], { from, kind });
  return found?.kind === 'placed' ? found.to : found;
};

describe('the location map', () => {
  it('matches whole directories only', () => {
    const map = mapOf({ from: '/a/b', external: '/new' });
    expect(goes(map, 'hdfs://S/a/bc/t')).toBeUndefined();
    expect(goes(map, 'hdfs://S/a/b/t')).toBe('hdfs://T/new/t');
  });

  it('cuts the prefix once', () => {
    expect(goes(mapOf({ from: '/a', external: '/new' }), '/a/x/a/t')).toBe('hdfs://T/new/x/a/t');
  });

  it('lets the longest entry decide, also when it has no place for the kind of table', () => {
    const map = mapOf({ from: '/a', external: '/e', managed: '/m' }, { from: '/a/b', external: '/x' });
    expect(goes(map, '/a/b/t')).toBe('hdfs://T/x/t');
    expect(goes(map, '/a/b/t', { kind: 'managed' })).toBeUndefined();
    expect(goes(map, '/a/t', { kind: 'managed' })).toBe('hdfs://T/m/t');
  });

  it('keeps to the namespaces that its entries say', () => {
    const map = mapOf({ from: 'hdfs://S/a', external: 's3a://bucket/a', managed: 's3a://bucket/a' });
    expect(goes(map, 'hdfs://S/a/t', { keys: 'locations' })).toBe('s3a://bucket/a/t');
    expect(goes(map, 'hdfs://OTHER/a/t', { keys: 'locations' })).toBeUndefined();
  });
});

const segment = fc.constantFrom('a', 'b', 'ab', 'a.db', 'x=1');
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

describe('the mapper of locations', () => {
  it('finds the entry with most segments among all that cover a location', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 6 }), path, (entries, from) => {
        const map = mapOf(...entries.map((entry, index) => ({ from: entry, external: `/to${index}` })));
        const covers = (entry: string): boolean => entry === '/' || `${from}/`.startsWith(`${entry}/`);
        const longest = entries.filter(covers).sort((a, b) => b.length - a.length)[0];
        const rest = longest === undefined ? '' : from.slice(longest === '/' ? 0 : longest.length);
        const expected = longest === undefined ? undefined : `hdfs://T/to${entries.indexOf(longest)}${rest === '/' ? '' : rest}`;
        expect(goes(map, `hdfs://S${from}`)).toBe(expected);
      }),
    );
  });

  it('says the same in the service and in scripts where both have the same rules', () => {
    const [database, settings] = [aDatabase([]), scriptSettings({ locations: { targetNamespace: TARGET.namespace } })];
    fc.assert(
      fc.property(path, fc.option(fc.tuple(path, path), { nil: undefined }), (at, entry) => {
        const from = location(`${SOURCE.namespace}${at}`);
        const [key = '', to = ''] = entry ?? [];
        const source = aRecorded('orders', { storage: { ...aRecorded().table.storage, location: from } });
        const map = entry === undefined ? mapOf() : mapOf({ from: key, external: to, managed: to });
        const input = { database, databases: ['shop'], pair: aPair({ source }), settings, target: { name: 'shop' }, map };
        const inScripts = translatePlace(input, { from, kind: 'external' });
        const locationMap =
          entry === undefined ? [] : [{ from: location(`${SOURCE.namespace}${key}`), to: location(`${TARGET.namespace}${to}`) }];
        const inService = mapLocation(from, { clusters: { source: SOURCE, target: TARGET }, settings: { ...SETTINGS, locationMap } });
        expect(inScripts).toMatchObject({ kind: 'placed', to: inService?.to });
      }),
    );
  });

  it('takes the first rule that covers a location, and guesses nothing', () => {
    const warehouse = byWarehouse({ from: 'hdfs://S/wh', to: 'hdfs://T/ext', except: 'hdfs://S/wh/ext', databasePrefix: 'dr_' });
    const rules = [warehouse, bySamePath({ rule: 'same-path', from: 'hdfs://S', to: 'hdfs://T' })];
    const mapped = (from: string) => mapPlace(rules, { from, kind: 'external' });
    expect(mapped('hdfs://S/wh/shop.db/t')).toMatchObject({ to: 'hdfs://T/ext/dr_shop.db/t', rule: 'managed-to-external-warehouse' });
    expect(mapped('hdfs://S/wh/ext/t')).toMatchObject({ to: 'hdfs://T/wh/ext/t', rule: 'same-path' });
    expect(mapped('hdfs://OTHER/wh/t')).toBeUndefined();
  });
});
