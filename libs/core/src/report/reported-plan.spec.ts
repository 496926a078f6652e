import { describe, expect, it } from 'vitest';
import type { Evidence } from '../model/evidence.ts';
import { reportedPlan } from './reported-plan.ts';

const NAME = { database: 'sales', table: 'orders' };
const ROW = {
  source: NAME,
  targetName: { database: 'dr_sales', table: 'orders' },
  state: 'VERIFIED',
  strategy: 'SCHEMA_ONLY',
  issues: [],
  hazards: [],
} as const;

function evidenceOf(given: Partial<Evidence>): Evidence {
  return {
    table: NAME,
    target: NAME,
    tableHash: 'h',
    verdict: 'VERIFIED',
    level: 'rows',
    askedLevel: 'rows',
    findings: [],
    findingsOmitted: 0,
    counts: { partitions: 2, files: 1, bytes: 2048, checksummedFiles: 1, rows: '12' },
    checksumAlgorithm: 'COMPOSITE-CRC32C',
    notCompared: ['owner: not asked'],
    verifiedAt: '2026-01-01T00:00:00Z',
    ...given,
  };
}

describe('a table of a run in a report', () => {
  it('says what was counted and compared, and what was not', () => {
    const { counted, proof } = reportedPlan({ ...ROW, evidence: evidenceOf({}) });
    expect(counted).toEqual([
      ['partitions', 2],
      ['file', 1],
      ['of data', '2.0 KiB'],
      ['rows', '12'],
    ]);
    expect(proof).toEqual([
      'VERIFIED at level rows, asked for rows, at 2026-01-01T00:00:00Z.',
      'Checksums of 1 files compared: COMPOSITE-CRC32C.',
      'Not compared: owner: not asked',
    ]);
  });

  it('counts no files where none were compared', () => {
    const counts = { partitions: 0, files: 0, bytes: 0, checksummedFiles: 0, rows: '2' };
    expect(reportedPlan({ ...ROW, evidence: evidenceOf({ counts }) }).counted).toEqual([['rows', '2']]);
  });

  it('names each difference with what was expected and found', () => {
    const finding = { code: 'FILE_MISSING', subject: 'sales.orders/a', expected: '5 bytes', found: 'nothing' };
    const { proof } = reportedPlan({ ...ROW, evidence: evidenceOf({ verdict: 'NOT_VERIFIED', findings: [finding], findingsOmitted: 3 }) });
    expect(proof).toContainEqual(expect.stringMatching(/^FILE_MISSING sales\.orders\/a: .+ Expected 5 bytes, found nothing\.$/));
    expect(proof).toContainEqual('and 3 findings more.');
  });

  it('tells a failure without a plan, and the cluster where there are several', () => {
    const failed = reportedPlan({ ...ROW, cluster: 'lake', state: 'FAILED', failure: { code: 'METASTORE_FAULT', message: 'It is gone.' } });
    expect(failed).toMatchObject({
      target: 'lake: dr_sales.orders',
      issues: [{ code: 'METASTORE_FAULT', severity: 'failure', text: 'It is gone.', advice: '' }],
      copies: [],
      statements: { source: [], target: [] },
    });
    expect(failed).not.toHaveProperty('proof');
  });
});
