import { describe, expect, it } from 'vitest';
import type { TablePlan } from '../model/plan.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import type { Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { stepsOf } from '../tasks/steps.ts';
import { SETTINGS, SOURCE, TARGET, aTable, anInput } from '../testing/builders.ts';
import { verifyTable } from '../verify/verify-table.ts';
import { tableHash } from './hash.ts';
import { isMarked, planVanishedTable, vanishedDropForbidden } from './vanished-tables.ts';

const SYNC: Partial<PlanSettings> = { onExisting: 'sync', vanished: { atMost: 10 } };
const NAME = { database: 'shop', table: 'orders' };
const CLUSTERS = { source: SOURCE, target: TARGET };

function copied(settings: Partial<PlanSettings> = SYNC): Table {
  const { expected } = planTable(anInput({ settings }));
  if (expected === undefined) throw new Error('the copy is refused');
  return expected;
}

const planOf = (target: Table): TablePlan =>
  planVanishedTable({ source: NAME, target, clusters: CLUSTERS, settings: { ...SETTINGS, ...SYNC } });
const codesOf = ({ issues }: TablePlan): readonly string[] => issues.map(({ code }) => code);
const withParameters = (table: Table, more: Readonly<Record<string, string>>): Table => ({
  ...table,
  parameters: { ...table.parameters, ...more },
});

describe('the mark of a sync that drops what vanished', () => {
  it('is on what it keeps, and says of which table it is a copy', () => {
    expect(copied().parameters['hiveferry.source']).toBe('left@hdfs://left:8020:shop.orders');
    expect(isMarked({ source: NAME, target: copied(), clusters: CLUSTERS })).toBe(true);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['another table', { 'hiveferry.source': 'left@hdfs://left:8020:shop.others' }],
    ['another cluster', { 'hiveferry.source': 'far@hdfs://left:8020:shop.orders' }],
    ['a cluster of the same name and another file system', { 'hiveferry.source': 'left@hdfs://far:8020:shop.orders' }],
    ['a cluster whose file system is not said', { 'hiveferry.source': 'left:shop.orders' }],
    ['nobody, since hms-mirror says of no source', { 'hms-mirror_Metadata_Stage1': '2024-01-01 00:00:00' }],
  ])('is not there when it names %s', (_title, parameters) => {
    expect(isMarked({ source: NAME, target: { ...copied(), parameters }, clusters: CLUSTERS })).toBe(false);
  });

  it('is not on what any other request makes, nor looked at by it', () => {
    const plain = copied({ onExisting: 'sync' });
    expect(plain.parameters['hiveferry.source']).toBeUndefined();
    const plan = planTable(anInput({ target: copied(), settings: { onExisting: 'sync', copiedBy: 'external' } }));
    expect(plan.existing?.definition).toBe('kept');
  });

  it('is set on what an earlier sync made', () => {
    const plan = planTable(anInput({ target: copied({ onExisting: 'sync' }), settings: { ...SYNC, copiedBy: 'external' } }));
    expect(plan.existing?.definition).toBe('amended');
    expect(plan.statements.map(({ sql }) => sql)).toContain(
      "ALTER TABLE `shop`.`orders` SET TBLPROPERTIES (\n  'hiveferry.source'='left@hdfs://left:8020:shop.orders')",
    );
  });

  it('of the source itself is not carried over', () => {
    const table = withParameters(aTable(), { 'hiveferry.source': 'far:x.y' });
    expect(planTable(anInput({ table })).expected?.parameters['hiveferry.source']).toBeUndefined();
    expect(planTable(anInput({ table, settings: SYNC })).expected?.parameters['hiveferry.source']).toBe(
      'left@hdfs://left:8020:shop.orders',
    );
  });
});

describe('what vanished', () => {
  it('is dropped and looked for; nothing else is done', () => {
    const plan = planOf(copied());
    expect(plan.statements).toEqual([{ side: 'target', purpose: 'drop-existing', sql: 'DROP TABLE IF EXISTS `shop`.`orders`' }]);
    expect(stepsOf(plan).map(({ key }) => key)).toEqual(['drop-vanished', 'verify']);
    expect(plan.hazards.map(({ code, allowed }) => [code, allowed])).toEqual([['TARGET_DROPPED', true]]);
  });

  it('is part of the hash, with what it was', () => {
    const hashes = [copied(), { ...copied(), storage: { ...copied().storage, location: 'hdfs://right:9020/other' } }].map((target) =>
      tableHash(planOf(target), (text) => text),
    );
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it.each<[string, Table]>([
    ['has purge', withParameters(copied(), { 'external.table.purge': 'true' })],
    ['is managed', { ...copied(), tableType: 'MANAGED_TABLE' }],
    ['is kept by a storage handler', withParameters(copied(), { storage_handler: 'x' })],
  ])('is refused when it %s', (_title, target) => {
    expect([planOf(target).decision, codesOf(planOf(target))]).toEqual(['REFUSED', ['VANISHED_OWNS_FILES']]);
    expect(stepsOf(planOf(target))).toEqual([]);
  });

  it('is not dropped when it is not what was planned to be dropped', () => {
    const { vanished } = planOf(copied());
    if (vanished === undefined) throw new Error('nothing vanished');
    const changes: readonly Table[] = [
      { ...copied(), tableType: 'VIRTUAL_VIEW' },
      { ...copied(), storage: { ...copied().storage, location: 'hdfs://right:9020/other' } },
      withParameters(copied(), { 'hiveferry.source': 'far:shop.orders' }),
      withParameters(copied(), { 'external.table.purge': 'true' }),
    ];
    expect(changes.map((found) => vanishedDropForbidden(vanished, found))).toEqual([
      'is a VIRTUAL_VIEW, not a EXTERNAL_TABLE',
      'lies at hdfs://right:9020/other, not at hdfs://right:9020/data/shop/orders',
      "is marked as far:shop.orders's, not left@hdfs://left:8020:shop.orders's",
      'has external.table.purge',
    ]);
    expect(vanishedDropForbidden(vanished, copied())).toBeUndefined();
  });

  it('is VERIFIED when neither side has it', () => {
    const plan = planOf(copied());
    const verified = (more: Partial<Parameters<typeof verifyTable>[0]> = {}) =>
      verifyTable({
        plan,
        tableHash: '',
        foundPartitions: [],
        sourceNow: { partitions: [], namespace: SOURCE.namespace },
        verifiedAt: '',
        ...more,
      });
    expect(verified().verdict).toBe('VERIFIED');
    expect(verified({ foundTable: copied() }).findings.map(({ code }) => code)).toEqual(['TABLE_NOT_DROPPED']);
    const again = { table: aTable(), partitions: [], namespace: SOURCE.namespace };
    expect(verified({ sourceNow: again }).findings.map(({ code }) => code)).toEqual(['SOURCE_METADATA_CHANGED']);
  });
});
