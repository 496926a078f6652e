import { describe, expect, it } from 'vitest';
import type { Evidence, Measurement } from '../model/evidence.ts';
import type { Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { SOURCE, aTable, anInput, location } from '../testing/builders.ts';
import { verifyTable } from './verify-table.ts';

const AT = location('hdfs://left:8020/data/shop/orders');
const locationMap = [{ from: location('hdfs://left:8020/data'), to: location('s3a://lake/data') }];
const table = aTable({ parameters: { EXTERNAL: 'TRUE', numRows: '7', COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}' } });
const input = anInput({ table, settings: { strategy: 'STORAGE_MIGRATION', locationMap } });
const plan = planTable({ ...input, clusters: { source: SOURCE, target: SOURCE } });
const moved: Table = { ...table, storage: { ...table.storage, location: 's3a://lake/data/shop/orders' } };
const measured: Measurement = {
  measuredAt: '2026-01-01T00:00:00.000Z',
  files: [{ root: 'copy-1', path: '1', sizeBytes: 5, modifiedAtMs: 1, checksum: { algorithm: 'CRC', value: 'x' } }],
  rows: '2',
};

function verified(changedRoots: readonly string[] = [], foundTable = moved): Evidence {
  const sides = { source: measured, target: measured };
  return verifyTable({ plan, tableHash: '', foundTable, foundPartitions: [], ...sides, changedRoots, verifiedAt: '' });
}

describe('the evidence of a table that moved', () => {
  it('names what is left behind, and does not hold old statistics against the move', () => {
    expect(verified()).toMatchObject({ verdict: 'VERIFIED', level: 'rows', leftBehind: [{ location: AT, files: 1, bytes: 5 }] });
    expect(verified().notCompared).toContain('statistics: those that the table had stay with it');
  });

  it('finds what was written at the old place since, though all that was copied is equal', () => {
    expect(verified(['copy-1'])).toMatchObject({ verdict: 'NOT_VERIFIED', level: 'metadata', findings: [{ code: 'SOURCE_CHANGED' }] });
  });

  it('finds a table that stayed where it was', () => {
    expect(verified([], table)).toMatchObject({ verdict: 'NOT_VERIFIED', findings: [{ code: 'LOCATION_DIFFERS', found: AT }] });
  });
});
