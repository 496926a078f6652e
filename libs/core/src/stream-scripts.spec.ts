import { describe, expect, it } from 'vitest';
import type { TablePair } from './model/data-set.ts';
import type { Table } from './model/table.ts';
import { planScripts } from './plan-scripts.ts';
import { streamScripts } from './stream-scripts.ts';
import { aDescriptor } from './testing/builders.ts';
import { aDatabase, aPair, aRecorded, scriptSettings } from './testing/script-builders.ts';

/** Tables that count how often each was read. */
function counted(pairs: readonly TablePair[]) {
  const reads = new Map<string, number>();
  const get = (name: string): TablePair | undefined => {
    reads.set(name, (reads.get(name) ?? 0) + 1);
    return pairs.find((pair) => pair.name === name);
  };
  return { reads, source: { names: pairs.map(({ name }) => name), get } };
}

describe('scripts table by table', () => {
  const pairs = ['b', 'a'].map((name) => aPair({ source: aRecorded(name, {}, ['1']) }));

  it('read each table once where no rule must see all of them', () => {
    const { reads, source } = counted(pairs);
    const items = [...streamScripts(aDatabase([]), source, { settings: scriptSettings() }).items()];
    expect(items).toHaveLength(2);
    expect([...reads]).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('read nothing before the first is asked for', () => {
    const { reads, source } = counted(pairs);
    streamScripts(aDatabase([]), source, { settings: scriptSettings() });
    expect(reads.size).toBe(0);
  });

  it('are those of the whole database', () => {
    const locations = { translation: 'ALIGNED', plans: { shop: { external: '/ext', managed: '/mng' } } } as const;
    const settings = scriptSettings({ locations, movement: { by: 'DISTCP', consolidateTables: true } });
    const stream = streamScripts(aDatabase([]), counted(pairs).source, { settings });
    const planned = [...stream.items()].flatMap((item) => (item.kind === 'planned' ? [item] : []));
    const whole = planScripts(aDatabase(pairs), settings);
    expect(planned.map(({ script }) => script)).toEqual(whole.tables);
    expect(stream.finish(planned.flatMap(({ copies }) => copies)).copies).toEqual(whole.copies);
  });

  it('refuse names that Hive would substitute, whatever the quotes', () => {
    const named = aPair({ source: aRecorded('${hiveconf:x}') });
    const { tables } = planScripts(aDatabase([named]), scriptSettings());
    expect(tables[0]).toMatchObject({ decision: 'REFUSED', statements: [], issues: [{ code: 'NAME_WITH_VARIABLE' }] });
    const database = planScripts(aDatabase(pairs, { name: '${env:HOME}' }), scriptSettings());
    expect(database).toMatchObject({ statements: [], tables: [], issues: [{ code: 'NAME_WITH_VARIABLE' }] });
  });

  it('refuse a view whose text Hive would change, and a materialised view, whatever was asked for', () => {
    const view = (tableType: Table['tableType'], text: string) =>
      aPair({ source: aRecorded('v', { tableType, viewOriginalText: text, viewExpandedText: text, storage: aDescriptor() }) });
    const issueOf = (pair: TablePair, views: boolean) =>
      planScripts(aDatabase([pair]), scriptSettings({ selection: { views } })).tables.map(({ decision, issues }) => [
        decision,
        issues[0]?.code,
      ]);
    expect(issueOf(view('VIRTUAL_VIEW', 'SELECT ${hiveconf:x}'), true)).toEqual([['REFUSED', 'VIEW_TEXT_WITH_VARIABLE']]);
    expect(issueOf(view('MATERIALIZED_VIEW', 'SELECT 1'), true)).toEqual([['REFUSED', 'MATERIALIZED_VIEW']]);
    expect(issueOf(view('MATERIALIZED_VIEW', 'SELECT 1'), false)).toEqual([['REFUSED', 'MATERIALIZED_VIEW']]);
  });

  it('list the functions of a database, which are not moved', () => {
    const { issues } = planScripts(aDatabase([], { functions: ['mask', 'geo'] }), scriptSettings());
    expect(issues).toMatchObject([{ code: 'FUNCTIONS_NOT_MOVED', severity: 'warning', detail: { count: 2, examples: ['geo', 'mask'] } }]);
  });

  it('refuse a database that nothing says the place of', () => {
    const { warehouse: _none, ...nowhere } = scriptSettings().locations;
    const { issues, tables } = planScripts(aDatabase(pairs), { ...scriptSettings(), locations: nowhere });
    expect({ issues, tables }).toMatchObject({ issues: [{ code: 'WAREHOUSE_DIRECTORIES_MISSING', severity: 'refusal' }], tables: [] });
  });
});
