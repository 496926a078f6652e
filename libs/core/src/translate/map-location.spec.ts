import { describe, expect, it } from 'vitest';
import { SETTINGS, SOURCE, TARGET, location } from '../testing/builders.ts';
import { mapLocation } from './map-location.ts';

const clusters = { source: SOURCE, target: TARGET };
const mapped = (from: string, settings = SETTINGS) => {
  const found = mapLocation(location(from), { clusters, settings });
  return found === undefined ? undefined : `${found.to} by ${found.rule}`;
};

describe('the mapping of locations', () => {
  it('keeps the path on the namespace of the target', () => {
    expect(mapped('hdfs://left:8020/data//a/')).toBe('hdfs://right:9020/data/a by same-path');
  });

  it('sends the managed warehouse to the external one', () => {
    expect(mapped('hdfs://left:8020/warehouse/managed/shop.db/t')).toBe(
      'hdfs://right:9020/wh/external/shop.db/t by managed-to-external-warehouse',
    );
  });

  it('does not take a longer name for the warehouse', () => {
    expect(mapped('hdfs://left:8020/warehouse/managed2/t')).toBe('hdfs://right:9020/warehouse/managed2/t by same-path');
  });

  it('puts the prefix before the database directory, so that both copies have their own', () => {
    expect(mapped('hdfs://left:8020/warehouse/managed/shop.db/t', { ...SETTINGS, databasePrefix: 'copy_' })).toBe(
      'hdfs://right:9020/wh/external/copy_shop.db/t by managed-to-external-warehouse',
    );
  });

  it('guesses nothing for another file system', () => {
    expect(mapped('s3a://bucket/data/a')).toBeUndefined();
    expect(mapped('hdfs://other:8020/data/a')).toBeUndefined();
  });

  it('takes an external warehouse inside the managed one for external', () => {
    const source = { ...SOURCE, externalWarehouse: location('hdfs://left:8020/warehouse/managed/external') };
    const found = mapLocation(location('hdfs://left:8020/warehouse/managed/external/t'), {
      clusters: { source, target: TARGET },
      settings: SETTINGS,
    });
    expect(found?.rule).toBe('same-path');
  });
});
