import { planTable, stemOf, workingTable } from '@hiveferry/core';
import type { ExportMove, Partition, StepKind, Table, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { aTable, fakeCluster, refusedByHive } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { cleanUp } from './clean-up.step.ts';
import { exportTable } from './export-table.step.ts';
import { importTable } from './import-table.step.ts';
import { publish } from './publish.step.ts';
import type { StepContext } from './step-handler.ts';

const STEP = '0b7f7e5e-0000-4000-8000-00000000002a';
const STEM = stemOf(STEP);
const AT = location('hdfs://left:8020/warehouse/external/sales.db/orders/f');
const EXPORTS = location(`hdfs://left:8020/warehouse/external/.hiveferry-${STEM}exports`);
const exportOf = (fence: string) => location(`${EXPORTS}/${STEM}${fence}`);
const HELD = location(`hdfs://right:8020/warehouse/external/sales.db/.hiveferry-${STEM}7`);

let source: FakeCluster;
let target: FakeCluster;

beforeEach(() => {
  const databases = ['hiveferry_preflight', 'sales'].map((name) => ({ name, parameters: {} }));
  source = fakeCluster(connectionOf('left', 3), { databases });
  target = fakeCluster(connectionOf('right', 4), { databases });
  source.files.putFile(AT, 3);
});

const plain = aTable('orders');
const keyed = aTable('orders', { partitionKeys: [{ name: 'dt', type: 'string' }] });
const acid = aTable('orders', { tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } });
const partitionOf = ({ storage }: Table, value: string): Partition => ({
  values: [value],
  storage: { ...storage, location: `hdfs://left:8020/warehouse/external/sales.db/orders/dt=${value}` },
  parameters: {},
});

/** Transactional tables stay so. */
const planOf = (table: Table): TablePlan =>
  planTable({
    source: { table, partitions: table.partitionKeys.length === 0 ? [] : [partitionOf(table, '1')] },
    neighbours: [],
    clusters: { source: source.facts, target: target.facts },
    settings: {
      strategy: 'EXPORT_IMPORT',
      proof: 'rows',
      transactionalTables: 'migrate',
      locationMap: [],
      allowedHazards: [],
      databasePrefix: '',
      distcp: {},
    },
  });

function exportsOf(table: Table): ExportMove {
  const { rows } = planOf(table);
  if (rows === undefined || !('exports' in rows)) throw new Error('the plan exports nothing');
  return rows;
}

interface Claim {
  readonly fence?: string;
  readonly side?: 'source' | 'target';
  readonly leaseLeftMs?: number;
}

/** Fence 7 of the step, unless said otherwise; what was reported is that of fence 7. */
function contextOf(table: Table, { fence = '7', side = 'source', leaseLeftMs = 20_000 }: Claim = {}): StepContext {
  const step: Partial<ClaimedStep> = { stepId: STEP, fence, side, database: 'sales', table: 'orders', key: 'k' };
  const reported = (kind: StepKind): object => ({
    stem: STEM,
    attempt: `${STEM}7`,
    location: kind === 'export-table' ? exportOf('7') : HELD,
  });
  const store: Partial<StepStore> = {
    plan: () => Promise.resolve({ plan: planOf(table), tableHash: '' }),
    results: (_table, kind: StepKind) => Promise.resolve(new Map([[kind, { ...reported(kind) }]])),
  };
  // Only what the steps ask of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    source,
    target,
    store: store as StepStore,
    signal: new AbortController().signal,
    renew: () => Promise.resolve(),
    timeLeft: () => ({ endInMs: leaseLeftMs, killInMs: leaseLeftMs }),
  };
  return context as StepContext;
}

describe('export-table', () => {
  it('exports to a directory that no other attempt has, and says where', async () => {
    const first = await exportTable(contextOf(plain));
    const second = await exportTable(contextOf(plain, { fence: '8' }));
    expect([first, second]).toMatchObject([{ result: { location: exportOf('7') } }, { result: { location: exportOf('8') } }]);
    expect(source.statements).toEqual([
      `EXPORT TABLE \`sales\`.\`orders\` TO '${exportOf('7')}'`,
      `EXPORT TABLE \`sales\`.\`orders\` TO '${exportOf('8')}'`,
    ]);
  });

  it('removes what it wrote when Hive fails, and leaves the source alone', async () => {
    source.onStatement = async (sql) => {
      await source.files.makeDirectory(exportOf('7'));
      throw refusedByHive(sql);
    };
    await expect(exportTable(contextOf(plain))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
    expect(await source.files.status(EXPORTS)).toBeUndefined();
    expect(await source.files.status(AT)).toBeDefined();
  });

  it('leaves the export of the attempt that took over, when it lost its lease', async () => {
    source.onStatement = async (sql) => {
      for (const fence of ['7', '8']) await source.files.makeDirectory(exportOf(fence));
      throw refusedByHive(sql);
    };
    await expect(exportTable(contextOf(plain, { leaseLeftMs: 0 }))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
    expect(await source.files.status(exportOf('7'))).toBeUndefined();
    expect(await source.files.status(exportOf('8'))).toBeDefined();
  });

  it('is to be done again when a plain table was written to meanwhile; of a transactional one Hive reads a snapshot', async () => {
    source.onStatement = async () => source.files.putFile(location(`${AT}2`), 3);
    await expect(exportTable(contextOf(plain))).rejects.toMatchObject({ code: 'SOURCE_CHANGING', retry: 'later' });
    expect(await exportTable(contextOf(acid))).toMatchObject({ result: { location: exportOf('7') } });
  });
});

describe('import-table', () => {
  it('imports what was reported, into a table and a directory of its own', async () => {
    const { result } = await importTable(contextOf(plain, { fence: '8', side: 'target' }));
    const place = HELD.replace(/7$/, '8');
    expect(result).toMatchObject({ attempt: `${STEM}8`, location: place });
    expect(target.statements).toEqual([
      `IMPORT EXTERNAL TABLE \`hiveferry_preflight\`.\`hiveferry_working_${STEM}8\` FROM '${exportOf('7')}' LOCATION '${place}'`,
    ]);
  });

  it('lets Hive place a table that stays transactional', async () => {
    target.onStatement = async () => target.metastore.putTable({ table: { ...acid, ...nameOf('7') }, partitions: [] });
    const { result } = await importTable(contextOf(acid, { side: 'target' }));
    expect(result).toMatchObject({ location: acid.storage.location });
    expect(target.statements).toEqual([`IMPORT TABLE \`hiveferry_preflight\`.\`hiveferry_working_${STEM}7\` FROM '${exportOf('7')}'`]);
  });

  it('asks for a new plan when other partitions were exported than planned, and drops what it imported', async () => {
    const working = workingTable(exportsOf(keyed), `${STEM}7`);
    target.onStatement = async (sql) => {
      if (sql.startsWith('IMPORT'))
        target.metastore.putTable({ table: working, partitions: ['1', '2'].map((day) => partitionOf(keyed, day)) });
    };
    await expect(importTable(contextOf(keyed, { side: 'target' }))).rejects.toMatchObject({
      code: 'SOURCE_METADATA_CHANGED',
      retry: 'operator',
      message: expect.stringContaining('dt=2') as string,
    });
    expect(target.statements.at(-1)).toBe(`DROP TABLE IF EXISTS \`hiveferry_preflight\`.\`${working.name}\``);
  });

  it('removes its own table and directory when Hive fails, and no other', async () => {
    const other = location(HELD.replace(/7$/, '8'));
    for (const directory of [HELD, other]) await target.files.makeDirectory(directory);
    target.onStatement = (sql) => (sql.startsWith('IMPORT') ? Promise.reject(refusedByHive(sql)) : Promise.resolve());
    await expect(importTable(contextOf(plain, { side: 'target' }))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
    expect(await target.files.status(HELD)).toBeUndefined();
    expect(await target.files.status(other)).toBeDefined();
  });
});

describe('publish and clean-up of an import', () => {
  it('rename the directory of the attempt that was reported', async () => {
    await target.files.makeDirectory(HELD);
    expect(await publish(contextOf(plain, { side: 'target' }))).toMatchObject({ result: { from: HELD, isRenamed: true } });
  });

  it('remove the exports of all attempts, and those of no other step', async () => {
    const other = location('hdfs://left:8020/warehouse/external/.hiveferry-other_exports');
    for (const directory of [exportOf('7'), exportOf('8'), other]) await source.files.makeDirectory(directory);
    await cleanUp(contextOf(plain));
    await cleanUp(contextOf(plain));
    expect(await source.files.status(EXPORTS)).toBeUndefined();
    expect(await source.files.status(other)).toBeDefined();
    expect(source.statements).toEqual([]);
  });
});

const nameOf = (fence: string): Pick<Table, 'database' | 'name'> => ({
  database: 'hiveferry_preflight',
  name: `hiveferry_working_${STEM}${fence}`,
});
