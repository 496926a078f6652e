import { describe, expect, it } from 'vitest';
import type { Run, TableSummary } from '@hiveferry/contracts';
import type { RunOutcome } from './outcome.ts';
import { exitCodeOf, isFinal, remainderOf, tableLines } from './outcome.ts';

const RUN: Run = { id: 'r', migrationId: 'm', number: 1, state: 'INCOMPLETE', createdAt: '2026-11-21T10:00:00.000Z', targets: [] };
const NAME = { database: 'sales', table: 'orders' };

function table(state: TableSummary['state'], more: Partial<TableSummary> = {}): TableSummary {
  const names = { runId: 'r', target: 'right', source: NAME, targetName: NAME };
  return { ...names, object: 'table', state, tableHash: 'h', issues: [], hazards: [], ...more };
}

function outcome(tables: readonly TableSummary[], more: Partial<RunOutcome> = {}): RunOutcome {
  return { name: 'sales', runId: 'r', run: RUN, waiting: new Map(), tables, ...more };
}

const EVIDENCE: NonNullable<TableSummary['evidence']> = {
  table: NAME,
  target: NAME,
  tableHash: 'h',
  verdict: 'VERIFIED',
  level: 'rows',
  askedLevel: 'rows',
  findings: [],
  findingsOmitted: 0,
  counts: { partitions: 0, files: 1, bytes: 8, checksummedFiles: 1, rows: '2' },
  notCompared: [],
  verifiedAt: '2026-11-21T10:00:00.000Z',
};

describe('what came of a run', () => {
  it('is told by its worst table', () => {
    expect(exitCodeOf([outcome([table('VERIFIED')])])).toBe(0);
    expect(exitCodeOf([outcome([table('VERIFIED'), table('REFUSED')])])).toBe(3);
    for (const state of ['FAILED', 'NOT_VERIFIED', 'CANCELLED', 'RUNNING', 'PLANNED'] as const)
      expect(exitCodeOf([outcome([table('VERIFIED'), table('REFUSED'), table(state)])]), state).toBe(1);
    expect(exitCodeOf([outcome([])])).toBe(0);
  });

  it('is a failure when the run as a whole failed, whatever its tables are', () => {
    expect(exitCodeOf([outcome([], { run: { ...RUN, state: 'FAILED' } })])).toBe(1);
  });

  it('is final when nothing of it can still be done', () => {
    expect(isFinal([outcome([table('VERIFIED'), table('REFUSED')])])).toBe(true);
    expect(isFinal([outcome([table('FAILED')])])).toBe(false);
  });

  it('has a line a table, with its proof or the reason why there is none', () => {
    const failure = { code: 'DISTCP_EXIT', message: 'DistCp ended with 1' };
    expect(tableLines([outcome([table('VERIFIED', { evidence: EVIDENCE }), table('FAILED', { failure })])])).toEqual([
      'sales.orders  VERIFIED  proved by rows: 1 files, 8 bytes, 1 checksums, 2 rows',
      'sales.orders  FAILED    DISTCP_EXIT: DistCp ended with 1',
    ]);
  });

  it('says of a table that waits what is there, and that the same command goes on', () => {
    const waiting = new Map([['right sales.orders', 'sales.orders: 0 of 1 files are there; it goes on when both sides agree']]);
    const waits = [outcome([table('RUNNING')], { waiting })];
    expect(tableLines(waits)).toEqual(['sales.orders  WAITING  0 of 1 files are there']);
    expect(remainderOf(waits)).toContain('1 tables wait for their files');
  });
});
