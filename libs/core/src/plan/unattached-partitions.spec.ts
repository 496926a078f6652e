import { describe, expect, it } from 'vitest';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptSettings } from '../model/script-settings.ts';
import { aPair, aRecorded, aRecordedPartition, scriptOf, scriptsOf } from '../testing/script-builders.ts';
import type { SettingsOverrides } from '../testing/script-builders.ts';

/** One partition in its standard place, one elsewhere. */
function strayed(): RecordedTable {
  const recorded = aRecorded('orders', {}, ['1']);
  return { ...recorded, partitions: [...recorded.partitions, aRecordedPartition('dt=2', 'hdfs://SRC/cold/two')] };
}

const COLD: ScriptSettings['locations']['map'] = [{ from: '/cold', external: '/lake/cold' }];

const CASES: readonly (readonly [when: string, overrides: SettingsOverrides, place: string | undefined])[] = [
  ['the same path of the target', {}, 'hdfs://TGT/cold/two'],
  ['where the location map sends them', { locations: { map: COLD } }, 'hdfs://TGT/lake/cold/two'],
  ['their own place, where files are shared', { strategy: 'LINKED' }, 'hdfs://SRC/cold/two'],
  ['no place, where files are copied and no map says one', { movement: { by: 'DISTCP' } }, undefined],
  ['a place of the map, where files are copied', { movement: { by: 'DISTCP' }, locations: { map: COLD } }, 'hdfs://TGT/lake/cold/two'],
];

describe('partitions that MSCK does not find', () => {
  it.each(CASES)('are told with %s', (_when, overrides, place) => {
    expect(scriptOf(strayed(), overrides).unattached).toEqual([{ name: 'dt=2', ...(place === undefined ? {} : { place }) }]);
  });

  it('are told of a table that is left alone, too', () => {
    const [table] = scriptsOf([aPair({ source: strayed(), target: strayed() })], { sync: true }).tables;
    expect(table).toMatchObject({ decision: 'LEFT_ALONE', unattached: [{ name: 'dt=2' }] });
  });

  it('are none where statements name each partition, or all lie in their places', () => {
    expect(scriptOf(strayed(), { strategy: 'SQL', movement: { by: 'SQL' } })).not.toHaveProperty('unattached');
    expect(scriptOf(aRecorded('orders', {}, ['1']))).not.toHaveProperty('unattached');
  });
});
