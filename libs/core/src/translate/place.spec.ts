import { describe, expect, it } from 'vitest';
import { canonicalPlace, liesWithin, namespaceIn, parentOf, place, renameDatabaseIn, restBelow } from './place.ts';

describe('places', () => {
  it('keep the letters of a nameservice, and lose slashes that mean nothing', () => {
    expect(canonicalPlace('hdfs://HDP50//a/b/')).toBe('hdfs://HDP50/a/b');
    expect(namespaceIn('s3a://my_bucket/a')).toBe('s3a://my_bucket');
    expect(namespaceIn('/a/b')).toBeUndefined();
  });

  it('lie within others by whole segments, on one namespace', () => {
    expect(liesWithin('hdfs://A/a/b', 'hdfs://A/a')).toBe(true);
    expect(liesWithin('hdfs://A/ab', 'hdfs://A/a')).toBe(false);
    expect(liesWithin('hdfs://B/a/b', 'hdfs://A/a')).toBe(false);
    expect(restBelow('hdfs://A/a/b/c', 'hdfs://A/a/')).toBe('b/c');
  });

  it('are put together and taken apart', () => {
    expect(place('ofs://N/', '/a/', 'b')).toBe('ofs://N/a/b');
    expect(parentOf('ofs://N/a')).toBe('ofs://N/');
    expect(parentOf('/')).toBe('/');
  });

  it.each([
    ['/w/sales.db/sales_hist', '/w/dr.db/sales_hist'],
    ['/sales/x', '/dr/x'],
    ['/w/mysales.db/sales.dbx', '/w/mysales.db/sales.dbx'],
  ])('%j in a renamed database is %j', (path, renamed) => {
    expect(renameDatabaseIn(path, 'sales', 'dr')).toBe(renamed);
  });
});
