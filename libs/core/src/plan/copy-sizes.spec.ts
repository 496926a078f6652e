import { describe, expect, it } from 'vitest';
import { planTable } from '../pipeline.ts';
import { aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { tableHash } from './hash.ts';

const statistics = (bytes: number, files: number) => ({ totalSize: String(bytes), numFiles: String(files) });
const partitioned = (sizes: readonly (readonly [path: string, parameters: Readonly<Record<string, string>>])[]) =>
  planTable(
    anInput({
      table: aTable({ partitionKeys: [aColumn('dt string')], parameters: statistics(7, 7) }),
      partitions: sizes.map(([path, parameters], at) => ({
        ...aPartition([`d${at}`], `hdfs://left:8020/data/shop/${path}`),
        parameters,
      })),
      settings: {
        locationMap: [],
      },
    }),
  );

describe('sizes of copies', () => {
  it('are those that the metastore keeps of a table without partitions', () => {
    const plan = planTable(anInput({ table: aTable({ parameters: { EXTERNAL: 'TRUE', ...statistics(4096, 3) } }) }));
    expect(plan.copySizes).toEqual({ 'copy-1': { bytes: 4096, files: 3 } });
  });

  it('are the sums of the partitions in each directory, and unknown where one partition has none', () => {
    const known = partitioned([
      ['orders/dt=1', statistics(10, 1)],
      ['orders/dt=2', statistics(20, 2)],
    ]);
    expect(known.copySizes).toEqual({ 'copy-1': { bytes: 30, files: 3 } });
    const unknown = partitioned([
      ['orders/dt=1', statistics(10, 1)],
      ['orders/dt=2', { totalSize: '-1' }],
    ]);
    expect(unknown).not.toHaveProperty('copySizes');
  });

  it('change no hash: statistics come and go, what is done stays', () => {
    const digest = (text: string) => text;
    const [one, other] = [statistics(1, 1), statistics(2, 1)].map((parameters) => planTable(anInput({ table: aTable({ parameters }) })));
    if (one === undefined || other === undefined) throw new Error('no plans');
    expect(one.copySizes).not.toEqual(other.copySizes);
    expect(tableHash(one, digest)).toBe(tableHash(other, digest));
  });
});
