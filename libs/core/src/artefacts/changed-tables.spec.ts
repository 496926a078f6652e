import { describe, expect, it } from 'vitest';
import { planDatabase } from '../plan/plan-database.ts';
import type { TablePlan } from '../model/plan.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import { planVanishedTable } from '../plan/vanished-tables.ts';
import { planTable } from '../pipeline.ts';
import { SETTINGS, SOURCE, TARGET, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { artefactsOf } from './artefacts.ts';

const CLUSTERS = { source: SOURCE, target: TARGET };

function filesOf(plan: TablePlan, settings: Partial<PlanSettings>): (ending: string) => string {
  const database = planDatabase({
    source: { name: 'shop', parameters: {} },
    clusters: CLUSTERS,
    settings: { ...SETTINGS, ...settings },
  });
  const files = artefactsOf({ database, tables: [plan], settings: { distcp: {} } });
  return (ending) => files.find(({ path }) => path.endsWith(ending))?.content ?? '';
}

describe('artefacts of a conversion', () => {
  const at = 'hdfs://left:8020/data/shop/orders';
  const days = ['1', '__HIVE_DEFAULT_PARTITION__'].map((day) => aPartition([day], `${at}/dt=${day}`));
  const table = aTable({ partitionKeys: [aColumn('dt string')] });
  const link = planTable(anInput({ table, partitions: days, settings: { strategy: 'LINKED' } })).expected;
  const target = link === undefined ? {} : { target: link };
  const plan = planTable(
    anInput({
      table,
      partitions: [...days, aPartition(['3'], `${at}/dt=3`)],
      ...target,
      targetPartitions: days,
      settings: { strategy: 'CONVERT_LINKED' },
    }),
  );

  it('turn table and partitions, say what HiveQL cannot, and add what is new', () => {
    const sql = filesOf(plan, { strategy: 'CONVERT_LINKED' })('_RIGHT_execute.sql');
    expect(sql.split('\n').filter((line) => /SET LOCATION|set through|PARTITION \(`dt`='3'\)/.test(line))).toEqual([
      "ALTER TABLE `shop`.`orders` SET LOCATION 'hdfs://right:9020/data/shop/orders';",
      "ALTER TABLE `shop`.`orders` PARTITION (`dt`='1') SET LOCATION 'hdfs://right:9020/data/shop/orders/dt=1';",
      expect.stringMatching(/^-- partition dt=__HIVE_DEFAULT_PARTITION__ to .*: HiveQL cannot say it; it is set through the metastore$/),
      "  PARTITION (`dt`='3') LOCATION 'hdfs://right:9020/data/shop/orders/dt=3';",
    ]);
    expect(sql).not.toContain('CREATE EXTERNAL TABLE');
  });

  it('copy the files', () => {
    expect(filesOf(plan, { strategy: 'CONVERT_LINKED' })('_distcp_source.txt')).toBe(`${at}\n`);
  });
});

describe('artefacts of a table that vanished', () => {
  const settings: Partial<PlanSettings> = { onExisting: 'sync', vanished: { atMost: 1 } };
  const target = planTable(anInput({ settings })).expected ?? aTable();
  const source = { database: 'shop', table: 'orders' };
  const file = filesOf(planVanishedTable({ source, target, clusters: CLUSTERS, settings: { ...SETTINGS, ...settings } }), settings);

  it('hold its DROP, and copy nothing', () => {
    expect(file('_RIGHT_execute.sql')).toContain('DROP TABLE IF EXISTS `shop`.`orders`;');
    expect(file('_distcp_source.txt')).toBe('');
  });

  it('say why in the report', () => {
    expect(file('_hms-mirror.md')).toContain('the source has no shop.orders any more');
  });
});
