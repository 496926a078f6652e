import { describe, expect, it } from 'vitest';
import type { FileFact, Measurement } from '../model/evidence.ts';
import type { Partition, Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { ORC_FORMAT, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { verifyTable } from './verify-table.ts';
import type { VerifyInput } from './verify-table.ts';

const AT = '2026-01-01T00:00:00Z';
const AT_LEFT = 'hdfs://left:8020/data/shop/orders';
const AT_RIGHT = 'hdfs://right:9020/data/shop/orders';

const plan = planTable(
  anInput({
    table: aTable({
      partitionKeys: [aColumn('dt string')],
      parameters: { bucketing_version: '2', comment: 'all orders', team: 'sales' },
      storage: {
        columns: [aColumn('id int -- the order'), aColumn('name string')],
        numBuckets: 4,
        bucketColumns: ['id'],
        sortColumns: [{ column: 'name', order: 'ASC' }],
      },
    }),
    partitions: [aPartition(['1'], `${AT_LEFT}/dt=1`), aPartition(['2'], `${AT_LEFT}/dt=2`)],
  }),
);

const file = (path: string, overrides: Partial<FileFact> = {}): FileFact => ({
  root: 'copy-1',
  path,
  sizeBytes: 10,
  modifiedAtMs: 0,
  checksum: { algorithm: 'COMPOSITE-CRC32C', value: 'aa' },
  ...overrides,
});
const measurement = (overrides: Partial<Measurement> = {}): Measurement => ({
  measuredAt: AT,
  files: [file('dt=1/f'), file('dt=2/f')],
  rows: '3',
  ...overrides,
});

/** What Hive 4 makes of the plan when all is well: statistics, times and marks of its own. */
function found(change: Partial<Omit<Table, 'storage'>> & { readonly storage?: Partial<Table['storage']> } = {}): Table {
  const { expected } = plan;
  if (expected === undefined) throw new Error('the plan was refused');
  const written = {
    ...expected.parameters,
    EXTERNAL: 'TRUE',
    transient_lastDdlTime: '1',
    numFiles: '2',
    totalSize: '20',
    TRANSLATED_TO_EXTERNAL: 'TRUE',
  };
  return { ...expected, parameters: written, ...change, storage: { ...expected.storage, location: `${AT_RIGHT}/`, ...change.storage } };
}

const foundPartitions: readonly Partition[] = plan.partitions.map(({ values, storage, parameters }) => ({ values, storage, parameters }));
const verified = (overrides: Partial<VerifyInput> = {}) =>
  verifyTable({
    plan,
    tableHash: 'h',
    foundTable: found(),
    foundPartitions,
    source: measurement(),
    target: measurement(),
    verifiedAt: AT,
    ...overrides,
  });
const codes = (overrides: Partial<VerifyInput>): readonly string[] => [...new Set(verified(overrides).findings.map(({ code }) => code))];
const withParameters = (change: Record<string, string>): Partial<VerifyInput> => ({
  foundTable: found({ parameters: { ...found().parameters, ...change } }),
});
const withStorage = (change: Partial<Table['storage']>): Partial<VerifyInput> => ({ foundTable: found({ storage: change }) });
const withFiles = (...files: readonly FileFact[]): Partial<VerifyInput> => ({ target: measurement({ files }) });

describe('verification', () => {
  it('takes a plan whose keys a store has reordered for the same plan', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, reversed(inner)]),
            )
          : value;
    const stored = JSON.parse(JSON.stringify(reversed(plan))) as typeof plan;
    expect(verified({ plan: stored }).findings).toEqual([]);
  });

  it('is VERIFIED at the asked level when all agrees, whatever Hive writes by itself', () => {
    expect(verified()).toMatchObject({
      verdict: 'VERIFIED',
      level: 'rows',
      findings: [],
      counts: { partitions: 2, files: 2, bytes: 20, checksummedFiles: 2, rows: '3' },
      checksumAlgorithm: 'COMPOSITE-CRC32C',
    });
  });

  it('takes a table that Hive says has -1 buckets or no purge flag as it is meant', () => {
    const { 'external.table.purge': _, ...parameters } = found().parameters;
    expect(codes({ foundTable: found({ parameters }) })).toEqual([]);
  });

  const [first, second] = foundPartitions;
  const damages: readonly (readonly [string, Partial<VerifyInput>])[] = [
    ['CHECKSUM_DIFFERS', withFiles(file('dt=1/f', { checksum: { algorithm: 'COMPOSITE-CRC32C', value: 'ab' } }), file('dt=2/f'))],
    ['FILE_MISSING', withFiles(file('dt=1/f'))],
    ['FILE_UNEXPECTED', withFiles(file('dt=1/f'), file('dt=2/f'), file('dt=2/g'))],
    ['FILE_SIZE_DIFFERS', withFiles(file('dt=1/f', { sizeBytes: 11 }), file('dt=2/f'))],
    ['PARTITION_MISSING', { foundPartitions: foundPartitions.slice(1) }],
    ['PARTITION_UNEXPECTED', { foundPartitions: [...foundPartitions, aPartition(['3'], `${AT_RIGHT}/dt=3`)] }],
    [
      'PARTITION_LOCATION_DIFFERS',
      {
        foundPartitions: [
          ...(first === undefined ? [] : [{ ...first, storage: { ...first.storage, location: `${AT_RIGHT}/elsewhere` } }]),
          ...foundPartitions.slice(1),
        ],
      },
    ],
    [
      'PARTITION_FORMAT_DIFFERS',
      {
        foundPartitions: [
          ...foundPartitions.slice(0, 1),
          ...(second === undefined ? [] : [{ ...second, storage: { ...second.storage, ...ORC_FORMAT } }]),
        ],
      },
    ],
    [
      'SERDE_DIFFERS',
      withStorage({
        serde: { serializationLib: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', parameters: { 'serialization.format': '1' } },
      }),
    ],
    [
      'SERDE_PROPERTY_DIFFERS',
      withStorage({ serde: { ...found().storage.serde, parameters: { 'serialization.format': '1', 'field.delim': ',' } } }),
    ],
    ['FORMAT_DIFFERS', withStorage({ inputFormat: ORC_FORMAT.inputFormat, outputFormat: ORC_FORMAT.outputFormat })],
    ['COLUMN_TYPE_DIFFERS', withStorage({ columns: [aColumn('id bigint -- the order'), aColumn('name string')] })],
    ['COLUMN_COMMENT_DIFFERS', withStorage({ columns: [aColumn('id int -- another'), aColumn('name string')] })],
    ['COLUMN_ORDER_DIFFERS', withStorage({ columns: [aColumn('name string'), aColumn('id int -- the order')] })],
    ['COLUMN_MISSING', withStorage({ columns: [aColumn('id int -- the order')] })],
    ['COLUMN_UNEXPECTED', withStorage({ columns: [aColumn('id int -- the order'), aColumn('name string'), aColumn('more int')] })],
    ['BUCKETING_DIFFERS', withStorage({ numBuckets: 8 })],
    ['BUCKETING_DIFFERS', withParameters({ bucketing_version: '1' })],
    ['SORTING_DIFFERS', withStorage({ sortColumns: [{ column: 'name', order: 'DESC' }] })],
    ['SKEW_DIFFERS', withStorage({ skewed: { columns: ['id'], values: [['1']] } })],
    ['PURGE_DIFFERS', withParameters({ 'external.table.purge': 'TRUE' })],
    ['STATISTICS_DIFFER', withParameters({ numRows: '99' })],
    ['COMMENT_DIFFERS', withParameters({ comment: 'some orders' })],
    ['PROPERTY_DIFFERS', withParameters({ team: 'ops' })],
    ['PROPERTY_UNEXPECTED', withParameters({ 'skip.header.line.count': '1' })],
    ['OWNER_DIFFERS', { foundTable: found({ owner: { name: 'eve', type: 'USER' } }) }],
    ['LOCATION_DIFFERS', withStorage({ location: `${AT_RIGHT}2` })],
    ['TABLE_TYPE_DIFFERS', { foundTable: found({ tableType: 'MANAGED_TABLE' }) }],
    ['PARTITION_KEYS_DIFFER', { foundTable: found({ partitionKeys: [aColumn('dt date')] }) }],
    ['ROWS_DIFFER', { target: measurement({ rows: '4' }) }],
    [
      'ROWS_NOT_COUNTED',
      {
        target: measurement({ files: measurement().files }),
        source: { measuredAt: AT, files: measurement().files, rowsNotCountedBecause: 'no session' },
      },
    ],
    ['CHECKSUM_NOT_COMPARABLE', withFiles(file('dt=1/f', { checksum: { algorithm: 'MD5', value: 'aa' } }), file('dt=2/f'))],
    ['CHECKSUM_NOT_READ', withFiles({ root: 'copy-1', path: 'dt=1/f', sizeBytes: 10, modifiedAtMs: 0 }, file('dt=2/f'))],
  ];
  it.each(damages)('finds the damage %s, and nothing else', (code, damage) => {
    expect(codes(damage)).toEqual([code]);
    expect(verified(damage).verdict).toBe('NOT_VERIFIED');
  });

  it('says that a table is missing', () => {
    const { foundTable: _, ...rest } = {
      plan,
      tableHash: 'h',
      foundTable: found(),
      foundPartitions: [],
      source: measurement(),
      target: measurement(),
      verifiedAt: AT,
    };
    expect(verifyTable(rest).findings.map(({ code }) => code)).toEqual(['TABLE_MISSING']);
  });

  it('names the level that was reached before the first damage', () => {
    expect(verified({ target: measurement({ rows: '4' }) }).level).toBe('checksum');
    expect(verified(withFiles(file('dt=1/f'))).level).toBe('metadata');
    expect(verified(withParameters({ comment: 'x' })).level).toBeUndefined();
  });

  it('leaves hidden files out and says how many', () => {
    const evidence = verified({ source: measurement({ files: [...measurement().files, file('_SUCCESS'), file('dt=1/.f.crc')] }) });
    expect(evidence.verdict).toBe('VERIFIED');
    expect(evidence.notCompared).toEqual(['files that Hive hides or that belong to other tables: 2 at the source, 0 on the target']);
  });

  it('needs no checksum of an empty file', () => {
    const empty = { root: 'copy-1', path: 'dt=1/empty', sizeBytes: 0, modifiedAtMs: 0 };
    const files = [...measurement().files, empty];
    expect(verified({ source: measurement({ files }), target: measurement({ files }) }).verdict).toBe('VERIFIED');
  });

  it('compares the sum of the partitions with the counted rows', () => {
    const claiming = foundPartitions.map((partition) => ({ ...partition, parameters: { numRows: '2' } }));
    expect(codes({ foundPartitions: claiming })).toEqual(['STATISTICS_DIFFER']);
  });

  it('keeps a hundred findings and counts the others', () => {
    const files = Array.from({ length: 250 }, (_, index) => file(`dt=1/${index}`));
    const evidence = verified({ source: measurement({ files }), target: measurement({ files: [] }) });
    expect([evidence.findings.length, evidence.findingsOmitted]).toEqual([100, 150]);
  });

  it('is not VERIFIED when a side was not measured', () => {
    const { source: _, ...rest } = {
      plan,
      tableHash: 'h',
      foundTable: found(),
      foundPartitions,
      source: measurement(),
      target: measurement(),
      verifiedAt: AT,
    };
    expect(verifyTable(rest)).toMatchObject({ verdict: 'NOT_VERIFIED', level: 'metadata' });
  });
});

describe('verification of a table that shares its files', () => {
  const shared = planTable(anInput({ settings: { strategy: 'LINKED' } }));
  const verifyShared = (rows: string) =>
    verifyTable({
      plan: shared,
      tableHash: 'h',
      ...(shared.expected === undefined ? {} : { foundTable: shared.expected }),
      foundPartitions: [],
      source: measurement({ files: [] }),
      target: measurement({ files: [], rows }),
      verifiedAt: AT,
    });

  it('compares metadata and rows, and says that there is no second copy', () => {
    const evidence = verifyShared('3');
    expect(evidence).toMatchObject({ verdict: 'VERIFIED', level: 'rows', counts: { files: 0 } });
    expect(evidence.notCompared).toEqual([
      'files and checksums: the table points at the files of the source, there is no second copy to compare',
    ]);
  });

  it('finds other rows', () => {
    expect(verifyShared('4').findings.map(({ code }) => code)).toEqual(['ROWS_DIFFER']);
  });
});

describe('verification of a table without a copy of its own', () => {
  const linked = { ...plan, copyJobs: [] };
  const empty = measurement({ files: [] });
  const levels = (proof: typeof plan.proof) => {
    const { verdict, level, askedLevel } = verified({ plan: { ...linked, proof }, source: empty, target: empty });
    return [verdict, level, askedLevel];
  };

  it('never claims to have compared files or checksums', () => {
    expect([levels('files'), levels('checksum')]).toEqual([
      ['VERIFIED', 'metadata', 'metadata'],
      ['VERIFIED', 'metadata', 'metadata'],
    ]);
  });

  it('is proved by its rows where they were counted', () => {
    expect(levels('rows')).toEqual(['VERIFIED', 'rows', 'rows']);
    expect(verified({ plan: { ...linked, proof: 'rows' }, source: empty, target: measurement({ files: [], rows: '4' }) }).verdict).toBe(
      'NOT_VERIFIED',
    );
  });
});

describe('files written at the source since their copy', () => {
  const changed = (proof: typeof plan.proof) => verified({ plan: { ...plan, proof }, changedRoots: ['copy-1'] });

  it('are a finding where no checksum shows that they were copied nevertheless', () => {
    expect(changed('files').findings.map(({ code }) => code)).toEqual(['SOURCE_CHANGED']);
    expect(changed('checksum').verdict).toBe('VERIFIED');
  });
});

describe('verification of a view', () => {
  const view = aTable({
    tableType: 'VIRTUAL_VIEW',
    parameters: {},
    viewOriginalText: 'select a from t',
    viewExpandedText: 'select `t`.`a` from `d`.`t`',
  });
  const viewPlan = planTable(anInput({ table: view }));
  const verifyView = (text: string) =>
    verifyTable({ plan: viewPlan, tableHash: 'h', foundTable: { ...view, viewOriginalText: text }, foundPartitions: [], verifiedAt: AT });

  it('asks for metadata only, and takes the text without backticks, as Hive keeps it', () => {
    expect(verifyView('select t.a from d.t')).toMatchObject({ verdict: 'VERIFIED', level: 'metadata', askedLevel: 'metadata' });
  });

  it('finds another text', () => {
    expect(verifyView('select t.b from d.t').findings.map(({ code }) => code)).toEqual(['VIEW_TEXT_DIFFERS']);
  });
});
