import { describe, expect, it } from 'vitest';
import { aPair, aRecorded, anAcidTable, linesOf, scriptOf, scriptsOf } from '../testing/script-builders.ts';

describe('scripts of LINKED', () => {
  it('point at the files of the source, without owning them', () => {
    const owned = aRecorded('orders', { parameters: { 'external.table.purge': 'true' } });
    const { statements } = scriptOf(owned, { strategy: 'LINKED' });
    expect(linesOf(statements)).toHaveLength(1);
    expect(linesOf(statements)[0]).toContain("LOCATION 'hdfs://SRC/data/shop.db/orders'");
    expect(linesOf(statements)[0]).not.toContain('purge');
  });

  it('copy nothing, also when DistCp is asked for', () => {
    expect(scriptsOf([aPair({ source: aRecorded() })], { strategy: 'LINKED', movement: { by: 'DISTCP' } }).copies).toEqual([]);
  });

  it('refuse transactional tables', () => {
    expect(scriptOf(anAcidTable(), { strategy: 'LINKED' })).toMatchObject({
      decision: 'REFUSED',
      issues: [{ code: 'TRANSACTIONAL_TABLE_SHARED' }],
    });
  });
});

describe('scripts of COMMON', () => {
  it('hand the files over to the table of the target', () => {
    expect(linesOf(scriptOf(aRecorded(), { strategy: 'COMMON' }).statements)[0]).toContain("'external.table.purge'='true'");
  });

  it('hand nothing over to a target that only reads', () => {
    expect(linesOf(scriptOf(aRecorded(), { strategy: 'COMMON', readOnly: true }).statements)[0]).not.toContain('purge');
  });

  it('find partitions after the copy, where one is made', () => {
    const { statements } = scriptOf(aRecorded('orders', {}, ['1']), { strategy: 'COMMON', movement: { by: 'DISTCP' } });
    expect(linesOf(statements).at(-1)).toBe('clean-up target: MSCK REPAIR TABLE `shop`.`orders`');
  });
});
