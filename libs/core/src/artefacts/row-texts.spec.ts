import { describe, expect, it } from 'vitest';
import { planDatabase } from '../plan/plan-database.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import type { Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { SETTINGS, SOURCE, TARGET, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { artefactsOf } from './artefacts.ts';

const BY_SQL = { ...SETTINGS, strategy: 'SQL' } as const;
const BY_EXPORT = { ...SETTINGS, strategy: 'EXPORT_IMPORT', transactionalTables: 'migrate' } as const;
const clusters = { source: SOURCE, target: TARGET };

/** First words of each statement and comment. */
function linesOf(table: Table, path: string, settings: PlanSettings = BY_SQL): readonly string[] {
  const partitions = [aPartition(['1'], 'hdfs://left:8020/data/shop/orders/dt=1')];
  const database = planDatabase({ source: { name: 'shop', parameters: {} }, clusters, settings });
  const files = artefactsOf({ database, tables: [planTable(anInput({ table, partitions, settings }))], settings });
  const content = files.find((file) => file.path === path)?.content ?? '';
  return (content.split('-- shop.orders\n')[1] ?? '').split(/;\n|(?<=^--.*)\n/m).flatMap((text) => (text === '' ? [] : [firstLine(text)]));
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const keyed = { partitionKeys: [aColumn('dt string')] };
const acid = aTable({ ...keyed, tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } });

describe('HiveQL of a table whose rows Hive inserts', () => {
  it('can be run by hand: partitions of the shadow table, settings, the rename, and what is dropped again', () => {
    expect(linesOf(aTable(keyed), 'shop_RIGHT_execute.sql').filter((line) => !line.startsWith('SET '))).toEqual([
      'CREATE EXTERNAL TABLE IF NOT EXISTS `hiveferry_preflight`.`hiveferry_shadow_attempt`',
      'ALTER TABLE `hiveferry_preflight`.`hiveferry_shadow_attempt` ADD IF NOT EXISTS',
      'CREATE EXTERNAL TABLE IF NOT EXISTS `hiveferry_preflight`.`hiveferry_working_attempt`',
      'FROM `hiveferry_preflight`.`hiveferry_shadow_attempt` INSERT OVERWRITE TABLE `hiveferry_preflight`.`hiveferry_working_attempt` PARTITION (`dt`) SELECT *',
      '-- then rename the directory: hdfs dfs -mv hdfs://right:9020/data/shop/.hiveferry-attempt hdfs://right:9020/data/shop/orders',
      'DROP TABLE IF EXISTS `hiveferry_preflight`.`hiveferry_shadow_attempt`',
      'DROP TABLE IF EXISTS `hiveferry_preflight`.`hiveferry_working_attempt`',
      'CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`orders`',
      'ALTER TABLE `shop`.`orders` SET OWNER USER `ana`',
      'ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS',
    ]);
  });

  it('begins at the source for a transactional table', () => {
    expect(linesOf(acid, 'shop_LEFT_execute.sql').filter((line) => !line.startsWith('SET '))).toEqual([
      'CREATE DATABASE IF NOT EXISTS `hiveferry_transfer`',
      'CREATE EXTERNAL TABLE IF NOT EXISTS `hiveferry_transfer`.`hiveferry_transfer_attempt`',
      'FROM `shop`.`orders` INSERT OVERWRITE TABLE `hiveferry_transfer`.`hiveferry_transfer_attempt` SELECT *',
      '-- once the target has the rows:',
      'DROP TABLE IF EXISTS `hiveferry_transfer`.`hiveferry_transfer_attempt`',
    ]);
  });
});

describe('HiveQL of a table that is exported', () => {
  it('says at the source what is removed again', () => {
    expect(linesOf(aTable(), 'shop_LEFT_execute.sql', BY_EXPORT).filter((line) => !line.startsWith('SET '))).toEqual([
      "EXPORT TABLE `shop`.`orders` TO 'hdfs://left:8020/warehouse/external/.hiveferry-attempt_exports/attempt'",
      '-- once the target has the rows: hdfs dfs -rm -r hdfs://left:8020/warehouse/external/.hiveferry-attempt_exports',
    ]);
  });

  it('publishes what was imported, by its directory or by its name', () => {
    const imported = "FROM 'hdfs://left:8020/warehouse/external/.hiveferry-attempt_exports/attempt'";
    expect(linesOf(aTable(), 'shop_RIGHT_execute.sql', BY_EXPORT).slice(0, 3)).toEqual([
      `IMPORT EXTERNAL TABLE \`hiveferry_preflight\`.\`hiveferry_working_attempt\` ${imported} LOCATION 'hdfs://right:9020/data/shop/.hiveferry-attempt'`,
      '-- then rename the directory: hdfs dfs -mv hdfs://right:9020/data/shop/.hiveferry-attempt hdfs://right:9020/data/shop/orders',
      'DROP TABLE IF EXISTS `hiveferry_preflight`.`hiveferry_working_attempt`',
    ]);
    expect(linesOf(acid, 'shop_RIGHT_execute.sql', BY_EXPORT).slice(0, 2)).toEqual([
      `IMPORT TABLE \`hiveferry_preflight\`.\`hiveferry_working_attempt\` ${imported}`,
      'ALTER TABLE `hiveferry_preflight`.`hiveferry_working_attempt` RENAME TO `shop`.`orders`',
    ]);
  });
});

it('counts rows where files were to be compared', () => {
  const plan = planTable(anInput({ settings: { strategy: 'SQL', proof: 'checksum' } }));
  expect([plan.proof, plan.decisions[1]?.rule]).toEqual(['rows', 'rows-are-counted']);
});
