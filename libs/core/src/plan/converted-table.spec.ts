import { describe, expect, it } from 'vitest';
import type { Partition, Table } from '../model/table.ts';
import type { TablePlan } from '../model/plan.ts';
import { planTable } from '../pipeline.ts';
import { stepsOf } from '../tasks/steps.ts';
import { aPartition, aTable, anInput, location } from '../testing/builders.ts';
import type { InputOverrides } from '../testing/builders.ts';

const AT = 'hdfs://left:8020/data/shop/orders';
const OWN = 'hdfs://right:9020/data/shop/orders';
const KEYS = [{ name: 'd', type: 'string' }];
const days = (root: string, ...names: readonly string[]): readonly Partition[] => names.map((day) => aPartition([day], `${root}/d=${day}`));

/** What LINKED makes of the table, and what it becomes then. */
function linkOf(overrides: InputOverrides = {}): { readonly target: Table; readonly targetPartitions: readonly Partition[] } {
  const { expected, partitions } = planTable(anInput({ ...overrides, settings: { strategy: 'LINKED' } }));
  if (expected === undefined) throw new Error('the link is refused');
  return { target: expected, targetPartitions: partitions.map(({ values, storage }) => ({ values, storage, parameters: {} })) };
}

function convert(overrides: InputOverrides = {}): TablePlan {
  return planTable(anInput({ ...overrides, settings: { strategy: 'CONVERT_LINKED', ...overrides.settings } }));
}

const codesOf = ({ issues }: TablePlan): readonly string[] =>
  issues.filter(({ severity }) => severity === 'refusal').map(({ code }) => code);
const keysOf = (plan: TablePlan): readonly string[] => stepsOf(plan).map(({ key }) => key);

describe('a table that is linked to the source', () => {
  it('gets its files, and is turned to them before anything else is done to it', () => {
    const plan = convert(linkOf());
    expect(plan.existing).toEqual({ definition: 'kept', linked: { table: AT, partitions: [] } });
    expect(plan.statements.filter(({ purpose }) => !purpose.startsWith('preflight-'))).toEqual([
      { side: 'target', purpose: 'convert-link', sql: `ALTER TABLE \`shop\`.\`orders\` SET LOCATION '${OWN}'` },
    ]);
    expect(keysOf(plan)).toEqual(['preflight', 'copy-1', 'convert-link', 'measure-source', 'measure-target', 'verify']);
  });

  it('takes its partitions with it, and gets those that came at the source since', () => {
    const table = aTable({ partitionKeys: KEYS });
    const link = linkOf({ table, partitions: days(AT, '1', '2') });
    const plan = convert({ ...link, table, partitions: days(AT, '1', '2', '3') });
    expect(plan.existing).toEqual({
      definition: 'kept',
      linked: { table: AT, partitions: ['d=1', 'd=2'] },
      partitions: { added: ['d=3'], replaced: [], dropped: [] },
    });
    expect(stepsOf(plan).find(({ key }) => key === 'attach-partitions')?.after).toEqual(['convert-link']);
  });

  it('waits for files that others copy', () => {
    expect(keysOf(convert({ ...linkOf(), settings: { copiedBy: 'external' } }))).toEqual([
      'preflight',
      'await-copy',
      'convert-link',
      'measure-source',
      'measure-target',
      'verify',
    ]);
  });

  it('has its properties set as planned, those that repeat its place too, when it is turned', () => {
    const parameters = { bucketing_version: '2', team: 'a', 'avro.schema.url': `${AT}/schema.avsc` };
    const table = aTable({ parameters });
    const { target } = linkOf({ table });
    const plan = convert({ table, target: { ...target, parameters: { ...target.parameters, team: 'old', mark: 'x' } } });
    expect(plan.existing?.definition).toBe('amended');
    expect(plan.statements.filter(({ purpose }) => purpose === 'alter-table').map(({ sql }) => sql)).toEqual([
      expect.stringContaining(`'avro.schema.url'='${OWN}/schema.avsc'`),
      "ALTER TABLE `shop`.`orders` UNSET TBLPROPERTIES ('mark')",
    ]);
    expect(stepsOf(plan).find(({ key }) => key === 'create-table')?.after).toEqual(['convert-link']);
  });

  it('never comes to own its files', () => {
    expect(convert(linkOf()).expected?.parameters['external.table.purge']).toBe('false');
  });
});

describe('a table that is turned in part', () => {
  const table = aTable({ partitionKeys: KEYS });
  const link = linkOf({ table, partitions: days(AT, '1', '2') });
  const half = {
    table,
    partitions: days(AT, '1', '2'),
    target: { ...link.target, storage: { ...link.target.storage, location: OWN } },
    targetPartitions: [...days(OWN, '1'), ...days(AT, '2')],
  };

  it('is turned to the end where copying into it is allowed, or others copy', () => {
    expect(codesOf(convert(half))).toEqual(['TARGET_EXISTS']);
    for (const settings of [{ allowedHazards: ['IN_PLACE_REFRESH'] }, { copiedBy: 'external' }] as const)
      expect(convert({ ...half, settings }).existing?.linked).toEqual({ partitions: ['d=2'] });
  });

  it('is only proved when nothing points at the source any more', () => {
    const plan = convert({ ...half, targetPartitions: days(OWN, '1', '2') });
    expect([plan.decision, plan.existing]).toEqual([
      'MIGRATE',
      { definition: 'kept', linked: { partitions: [] }, partitions: { added: [], replaced: [], dropped: [] } },
    ]);
    expect(keysOf(plan)).toEqual(['measure-source', 'measure-target', 'verify']);
  });
});

describe('refused by name is', () => {
  const partitioned = aTable({ partitionKeys: KEYS });
  const link = linkOf();
  const wide = linkOf({ table: partitioned, partitions: days(AT, '1') });
  const placed = (table: Table, at: string): Table => ({ ...table, storage: { ...table.storage, location: at } });
  const withParameters = (table: Table, more: Readonly<Record<string, string>>): Table => ({
    ...table,
    parameters: { ...table.parameters, ...more },
  });

  it.each<[string, string, InputOverrides]>([
    ['a table that is not there', 'NOT_LINKED_YET', {}],
    ['a link to somewhere else', 'LINKED_ELSEWHERE', { target: placed(link.target, 'hdfs://left:8020/data/other') }],
    [
      'a link that would take the files along',
      'LINK_OWNS_FILES',
      { target: withParameters(link.target, { 'external.table.purge': 'TRUE' }) },
    ],
    ['a managed table', 'TARGET_IS_OTHER_KIND', { target: { ...link.target, tableType: 'MANAGED_TABLE' } }],
    [
      'a link with other columns',
      'LINK_DIFFERS',
      { target: link.target, table: aTable({ storage: { columns: [{ name: 'id', type: 'bigint' }] } }) },
    ],
    ['a link that a storage handler reads', 'LINK_DIFFERS', { target: withParameters(link.target, { table_type: 'ICEBERG' }) }],
    [
      'a partition elsewhere',
      'LINKED_PARTITIONS_ELSEWHERE',
      { ...wide, table: partitioned, partitions: days('hdfs://left:8020/data/moved', '1') },
    ],
    ['a partition that the source lost', 'LINK_HAS_OTHER_PARTITIONS', { ...wide, table: partitioned, partitions: [] }],
    [
      'a place that SET LOCATION cannot say',
      'LOCATION_NOT_SETTABLE',
      { ...linkOf({ table: placed(aTable(), `${AT} b`) }), table: placed(aTable(), `${AT} b`) },
    ],
  ])('%s', (_title, code, overrides) => {
    expect(codesOf(convert(overrides))).toEqual([code]);
  });

  it('a table whose files are those of another one as well, when they are copied here', () => {
    const neighbours = [{ table: { database: 'shop', table: 'twin' }, location: location(AT) }];
    expect(codesOf(convert({ ...link, neighbours }))).toEqual(['MOVES_SHARED_FILES']);
    const converted = { ...link.target, storage: { ...link.target.storage, location: OWN } };
    expect(codesOf(convert({ target: converted, targetPartitions: [], neighbours }))).toEqual([]);
    expect(codesOf(convert({ ...link, neighbours, settings: { copiedBy: 'external' } }))).toEqual([]);
  });

  it('a transactional table', () => {
    const table = aTable({ tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } });
    expect(codesOf(convert({ ...link, table }))).toEqual(['TRANSACTIONAL_TABLE_SHARED']);
  });

  it('a view that is not there, or has another text; one that stands as planned is proved', () => {
    const { location: _none, ...storage } = aTable().storage;
    const view = (text: string): Table => ({
      ...aTable({ tableType: 'VIRTUAL_VIEW' }),
      storage,
      viewOriginalText: text,
      viewExpandedText: text,
    });
    expect(codesOf(convert({ table: view('select 1') }))).toEqual(['NOT_LINKED_YET']);
    const { target } = linkOf({ table: view('select 1') });
    expect(codesOf(convert({ table: view('select 2'), target }))).toEqual(['LINK_DIFFERS']);
    expect(keysOf(convert({ table: view('select 1'), target }))).toEqual(['verify']);
  });
});
