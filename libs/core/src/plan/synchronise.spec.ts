import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiveqlFile } from '../artefacts/hiveql-files.ts';
import type { TablePlan } from '../model/plan.ts';
import type { Partition, Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { stepsOf } from '../tasks/steps.ts';
import { SETTINGS, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import type { InputOverrides } from '../testing/builders.ts';

interface State {
  readonly columns: readonly string[];
  readonly names: readonly string[];
  readonly property: string | undefined;
  readonly strategy: 'SCHEMA_ONLY' | 'LINKED';
}

const SYNC = { onExisting: 'sync', copiedBy: 'external' } as const;
const AT = 'hdfs://left:8020/data/shop/orders';
const days = (...names: readonly string[]): readonly Partition[] => names.map((day) => aPartition([day], `${AT}/dt=${day}`));
const orders = aTable({ partitionKeys: [aColumn('dt string')] });

const planOf = (overrides: InputOverrides): TablePlan => planTable(anInput({ ...overrides, settings: { ...SYNC, ...overrides.settings } }));
const purposes = (plan: TablePlan): readonly string[] => plan.statements.map(({ purpose }) => purpose);
const keys = (plan: TablePlan): readonly string[] => stepsOf(plan).map(({ key }) => key);

/** The target as a first run leaves it: what it planned stands there, with what Hive writes by itself. */
function afterRun(overrides: InputOverrides): { readonly target: Table; readonly targetPartitions: readonly Partition[] } {
  const { expected, partitions } = planOf(overrides);
  if (expected === undefined) throw new Error('the first run is refused');
  const parameters = { ...expected.parameters, EXTERNAL: 'TRUE', transient_lastDdlTime: '1800000000', numFiles: '3' };
  return {
    target: { ...expected, parameters },
    targetPartitions: partitions.map(({ values, storage, parameters: own }) => ({ values, storage, parameters: { ...own, numRows: '1' } })),
  };
}

describe('a sync', () => {
  const first = { table: orders, partitions: days('1', '2', '3') };
  const there = afterRun(first);

  it('of a synced table plans nothing but its proof', () => {
    const plan = planOf({ ...first, ...there });
    expect(plan.existing).toEqual({ definition: 'kept', partitions: { added: [], replaced: [], dropped: [] } });
    expect([plan.statements, plan.hazards, keys(plan)]).toEqual([[], [], ['await-copy', 'measure-source', 'measure-target', 'verify']]);
  });

  it('adds partitions that are missing, puts right those that lie elsewhere and drops those that the source lost', () => {
    const moved = [...days('1'), aPartition(['2'], `${AT}/moved`), ...days('4')];
    const plan = planOf({ table: orders, partitions: moved, ...there });
    expect(plan.existing).toEqual({ definition: 'kept', partitions: { added: ['dt=4'], replaced: ['dt=2'], dropped: ['dt=3'] } });
    expect(plan.statements).toEqual([]);
    expect(keys(plan)).toEqual(['await-copy', 'attach-partitions', 'measure-source', 'measure-target', 'verify']);
    expect(plan.hazards.map(({ code, allowed, detail }) => [code, allowed, detail['dropped'], detail['replaced']])).toEqual([
      ['TARGET_PARTITIONS_DROPPED', true, 1, 1],
    ]);
  });

  it('is written as HiveQL that does just that, with discovery at the end', () => {
    const settings = { partitionDiscovery: { msckSync: true } } as const;
    const plan = planOf({ table: orders, partitions: days('1', '2', '4'), ...there, settings });
    const database = { source: 'shop', target: 'shop', statements: [], issues: [] };
    expect(
      hiveqlFile({ database, tables: [plan], settings: SETTINGS }, 'target')
        .split('\n')
        .slice(3, -1),
    ).toEqual([
      "ALTER TABLE `shop`.`orders` DROP IF EXISTS PARTITION (`dt`='3');",
      'ALTER TABLE `shop`.`orders` ADD IF NOT EXISTS',
      "  PARTITION (`dt`='4') LOCATION 'hdfs://right:9020/data/shop/orders/dt=4';",
      '-- when the files are there and the table is checked: these drop partitions that have no directory',
      'MSCK REPAIR TABLE `shop`.`orders` SYNC PARTITIONS;',
    ]);
  });

  it('replaces a table whose columns changed, after a trial of its CREATE', () => {
    const wider = { ...orders, storage: { ...orders.storage, columns: [...orders.storage.columns, aColumn('price double')] } };
    const plan = planOf({ table: wider, partitions: first.partitions, ...there });
    expect(plan.existing).toEqual({ definition: 'replaced' });
    expect(purposes(plan)).toEqual(['preflight-drop', 'preflight-create', 'preflight-drop', 'drop-existing', 'create-table', 'set-owner']);
    expect(keys(plan).slice(0, 4)).toEqual(['preflight', 'await-copy', 'create-table', 'attach-partitions']);
    expect(plan.hazards.map(({ code, allowed }) => [code, allowed])).toEqual([['TARGET_REPLACED', true]]);
  });

  it('sets properties, comment and owner without a DROP', () => {
    const parameters = { ...orders.parameters, comment: 'all orders', 'team.name': 'b' };
    const changed = aTable({ ...orders, parameters, owner: { name: 'eve', type: 'USER' } });
    const target = { ...there.target, parameters: { ...there.target.parameters, 'old.name': 'x' } };
    const plan = planOf({ table: changed, partitions: first.partitions, ...there, target });
    expect(plan.existing?.definition).toBe('amended');
    expect(plan.statements.map(({ sql }) => sql.replaceAll(/\s+/g, ' '))).toEqual([
      "ALTER TABLE `shop`.`orders` SET TBLPROPERTIES ( 'comment'='all orders', 'team.name'='b')",
      "ALTER TABLE `shop`.`orders` UNSET TBLPROPERTIES ('old.name')",
      'ALTER TABLE `shop`.`orders` SET OWNER USER `eve`',
    ]);
    expect(plan.hazards).toEqual([]);
  });

  it('replaces a table where a property decides how Hive reads it', () => {
    const table = aTable({ ...orders, parameters: { ...orders.parameters, 'avro.schema.literal': '{}' } });
    expect(planOf({ table, partitions: first.partitions, ...there }).existing?.definition).toBe('replaced');
  });

  it.each([
    ['owns its files', { parameters: { 'external.table.purge': 'TRUE' } }, 'TARGET_HAS_PURGE'],
    ['is managed', { tableType: 'MANAGED_TABLE' }, 'TARGET_IS_OTHER_KIND'],
    ['is kept by a storage handler', { parameters: { storage_handler: 'org.example.Handler' } }, 'TARGET_IS_OTHER_KIND'],
    ['lies elsewhere', { storage: { ...there.target.storage, location: 'hdfs://right:9020/else' } }, 'TARGET_EXISTS'],
  ] as const)('refuses a table of the target that %s', (_, change, code) => {
    const plan = planOf({ ...first, ...there, target: { ...there.target, ...change } });
    expect([plan.decision, plan.issues.map((issue) => issue.code)]).toEqual(['REFUSED', [code]]);
  });

  it('asks for IN_PLACE_REFRESH where files are copied into the table, and only there', () => {
    const { copiedBy: _nobody, ...own } = SYNC;
    const asking = (allowedHazards: readonly string[]): TablePlan =>
      planTable(anInput({ ...first, ...there, settings: { ...own, allowedHazards } }));
    expect(asking([]).issues.map(({ code }) => code)).toEqual(['TARGET_EXISTS']);
    expect(keys(asking(['IN_PLACE_REFRESH']))).toEqual(['preflight', 'copy-1', 'measure-source', 'measure-target', 'verify']);
  });

  it('replaces a view whose text differs, and keeps one whose text is equal', () => {
    const view = aTable({ tableType: 'VIRTUAL_VIEW', viewOriginalText: 'select 1', viewExpandedText: 'select `a`' });
    const { location: _nowhere, ...storage } = view.storage;
    const table = { ...view, storage };
    const { target } = afterRun({ table });
    expect([planOf({ table, target }).statements, keys(planOf({ table, target }))]).toEqual([[], ['verify']]);
    const other = planOf({ table: { ...table, viewExpandedText: 'select `b`' }, target });
    expect([purposes(other), keys(other)]).toEqual([
      ['drop-existing', 'create-view'],
      ['create-view', 'verify'],
    ]);
  });

  it('is not what SQL does: rows are not inserted in place', () => {
    const plan = planOf({ ...first, ...there, settings: { strategy: 'SQL' } });
    expect(plan.issues.map(({ code }) => code)).toContain('TARGET_EXISTS');
  });

  it('of tables that share their files needs no copy', () => {
    const shared = { ...first, settings: { strategy: 'LINKED' } } as const;
    const plan = planOf({ ...shared, ...afterRun(shared) });
    expect(keys(plan)).toEqual(['measure-source', 'measure-target', 'verify']);
  });

  it('plans nothing twice, whatever changed at the source', () => {
    const columns = fc.uniqueArray(fc.constantFrom<string>('a int', 'b string', 'c double', 'd date'), { minLength: 1 });
    const state = fc.record({
      columns,
      names: fc.uniqueArray(fc.constantFrom<string>('1', '2', '3', '__HIVE_DEFAULT_PARTITION__', 'x/y')),
      property: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
      strategy: fc.constantFrom('SCHEMA_ONLY' as const, 'LINKED' as const),
    });
    const overridesOf = ({ columns: texts, names, property, strategy }: State) => ({
      table: aTable({
        ...orders,
        storage: { ...orders.storage, columns: texts.map(aColumn) },
        parameters: { ...orders.parameters, ...(property === undefined ? {} : { 'a.b': property }) },
      }),
      partitions: names.map((name, index) => aPartition([name], `${AT}/p${index}`)),
      settings: { strategy },
    });
    fc.assert(
      fc.property(state, state, (before, after) => {
        const changed = overridesOf({ ...after, strategy: before.strategy });
        const second = planOf({ ...changed, ...afterRun(overridesOf(before)) });
        expect(second.decision).toBe('MIGRATE');
        const added = second.existing?.partitions?.added ?? [];
        const dropped = second.existing?.partitions?.dropped ?? [];
        const kept = planOf(overridesOf(before)).partitions.filter(({ name }) => !dropped.includes(name));
        const names = [...kept.map(({ name }) => name), ...added].sort();
        if (second.existing?.definition !== 'replaced') expect(names).toEqual(second.partitions.map(({ name }) => name).sort());
        const third = planOf({ ...changed, ...afterRun(changed) });
        expect([third.existing, third.statements, third.hazards]).toEqual([
          { definition: 'kept', partitions: { added: [], replaced: [], dropped: [] } },
          [],
          [],
        ]);
      }),
    );
  });
});

describe('partition discovery', () => {
  const first = { table: orders, partitions: days('1') };
  const partitionDiscovery = { auto: true, msckSync: true } as const;

  it('begins when the table is found to be proved, and the verdict comes after it', () => {
    const plan = planOf({ ...first, settings: { partitionDiscovery } });
    expect(plan.statements.slice(-2).map(({ sql }) => sql.replaceAll(/\s+/g, ' '))).toEqual([
      'MSCK REPAIR TABLE `shop`.`orders` SYNC PARTITIONS',
      "ALTER TABLE `shop`.`orders` SET TBLPROPERTIES ( 'discover.partitions'='true')",
    ]);
    expect(keys(plan).slice(-3)).toEqual(['verify-before-discovery', 'discover-partitions', 'verify']);
  });

  it('is no difference to the next sync, which sets it once', () => {
    const there = afterRun({ ...first, settings: { partitionDiscovery } });
    const target = { ...there.target, parameters: { ...there.target.parameters, 'discover.partitions': 'true' } };
    const plan = planOf({ ...first, ...there, target, settings: { partitionDiscovery } });
    expect([plan.existing?.definition, purposes(plan)]).toEqual(['kept', ['repair-partitions']]);
  });

  it('warns that it attaches again what the sync drops', () => {
    const there = afterRun({ table: orders, partitions: days('1', '2') });
    const plan = planOf({ ...first, ...there, settings: { partitionDiscovery } });
    expect(plan.issues.map(({ code }) => code)).toContain('DISCOVERY_ATTACHES_AGAIN');
  });

  it('has nothing to do for tables without partitions', () => {
    const plan = planOf({ table: aTable(), settings: { partitionDiscovery } });
    expect([plan.discovery, keys(plan).at(-1)]).toEqual([undefined, 'verify']);
  });
});
