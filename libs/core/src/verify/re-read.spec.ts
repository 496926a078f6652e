import { describe, expect, it } from 'vitest';
import type { FileChecksum, Measurement } from '../model/evidence.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import { planTable } from '../pipeline.ts';
import { anInput, location } from '../testing/builders.ts';
import { verifyTable } from './verify-table.ts';

const AT = '2026-01-01T00:00:00Z';
const locationMap = [{ from: location('hdfs://left:8020/data'), to: location('s3a://lake/data') }];
const planFor = (settings: Partial<PlanSettings>) => planTable(anInput({ settings: { locationMap, ...settings } }));

const castagnoli = { algorithm: 'COMPOSITE-CRC32C', value: 'e3069283' };
const ieee = { algorithm: 'COMPOSITE-CRC32', value: 'cbf43926' };

describe('a target whose files were read back', () => {
  const plan = planFor({ proof: 'checksum' });
  const side = (checksum: FileChecksum): Measurement => ({
    measuredAt: AT,
    files: [{ root: 'copy-1', path: 'f', sizeBytes: 9, modifiedAtMs: 0, checksum }],
  });
  const verified = (source: FileChecksum, target: FileChecksum) =>
    verifyTable({
      plan,
      tableHash: 'h',
      ...(plan.expected === undefined ? {} : { foundTable: plan.expected }),
      foundPartitions: [],
      source: side(source),
      target: { ...side(target), reRead: { files: 1, bytes: 9 } },
      verifiedAt: AT,
    });

  it.each([
    ['as the source has it', castagnoli, { ...castagnoli, otherwise: ieee }, 'COMPOSITE-CRC32C'],
    ['by the other algorithm when the source has that', ieee, { ...castagnoli, otherwise: ieee }, 'COMPOSITE-CRC32'],
    ['when both sides were read back', { ...castagnoli, otherwise: ieee }, { ...castagnoli, otherwise: ieee }, 'COMPOSITE-CRC32C'],
    ['when only the source was read back', { ...castagnoli, otherwise: ieee }, ieee, 'COMPOSITE-CRC32'],
  ])('is compared %s', (_, source, target, algorithm) => {
    expect(verified(source, target)).toMatchObject({ verdict: 'VERIFIED', level: 'checksum', checksumAlgorithm: algorithm });
  });

  it('says how many bytes were read back', () => {
    expect(verified(castagnoli, { ...castagnoli, otherwise: ieee }).reRead).toEqual({ files: 1, bytes: 9 });
  });

  it('differs by the algorithm that both sides have', () => {
    const { verdict, findings } = verified(ieee, { ...castagnoli, otherwise: { ...ieee, value: '00000000' } });
    expect([verdict, findings.map(({ code, expected, found }) => [code, expected, found])]).toEqual([
      'NOT_VERIFIED',
      [['CHECKSUM_DIFFERS', 'cbf43926', '00000000']],
    ]);
  });
});

describe('a copy to an object store', () => {
  const contentsOf = (settings: Partial<PlanSettings>) => {
    const plan = planFor(settings);
    const { notCompared } = verifyTable({ plan, tableHash: 'h', foundPartitions: [], verifiedAt: AT });
    return notCompared.filter((line) => line.startsWith('contents'));
  };

  it('has contents that nobody compared, below level checksum', () => {
    expect(contentsOf({ proof: 'files' })).toEqual([expect.stringContaining('DistCp compares sizes and says nothing')]);
  });

  it('has them compared at level checksum, and between HDFSs by DistCp', () => {
    expect([contentsOf({ proof: 'checksum' }), contentsOf({ proof: 'files', locationMap: [] })]).toEqual([[], []]);
  });
});
