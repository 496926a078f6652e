import { describe, expect, it } from 'vitest';
import { scriptsOf } from '../testing/script-builders.ts';
import { faultOfSetting } from './session-variable.ts';

describe('a session variable', () => {
  it.each([
    ['hive.exec.dynamic.partition.mode', 'nonstrict'],
    ['tez.grouping.max-size', '67108864'],
    ['hiveconf:x.y', ''],
    ['hive.query.name', "it is 'quoted' well"],
    ['k', undefined],
  ])('%s=%s is one statement', (key, value) => {
    expect(faultOfSetting(key, value)).toBeUndefined();
  });

  it.each([
    ['a=b', 'c', 'name'],
    ['', 'c', 'name'],
    ['k', 'a; DROP TABLE t', 'semicolon'],
    ['k', 'a\nDROP TABLE t', 'line break'],
    ['k', "it's", 'quote'],
    ['k', 'a -- b', 'comment'],
  ])('%j=%j is refused for its %s', (key, value, reason) => {
    expect(faultOfSetting(key, value)).toContain(reason);
  });

  it('that is no single statement refuses the run, whatever the strategy', () => {
    const overrides = [{ key: 'k', value: 'a; DROP TABLE t', side: 'both' as const }];
    for (const strategy of ['SQL', 'SCHEMA_ONLY', 'ICEBERG_CONVERSION', 'DUMP'] as const) {
      const { issues, statements } = scriptsOf([], { strategy, inserts: { overrides } });
      expect(statements).toEqual([]);
      expect(issues).toMatchObject([{ code: 'SETTING_INVALID', severity: 'refusal', detail: { key: 'k' } }]);
    }
  });
});
