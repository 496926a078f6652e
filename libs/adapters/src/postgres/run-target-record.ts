import { runTargetState } from '@hiveferry/core';
import type { RunState } from '@hiveferry/core';
import type { RunTargetRecord, TableCounts } from '@hiveferry/ports';
import type { RunTargetRow } from './entities.ts';
import type { TableCountRow } from './run-reads.sql.ts';

/** @param counts of the run, all targets */
export function runTargetRecord(
  { state: run }: { readonly state: RunState },
  row: RunTargetRow,
  counts: readonly TableCountRow[],
): RunTargetRecord {
  const { target, planHash, approvedAt, dispatchedAt, dueAt } = row;
  const tables = countsOf(counts.filter((count) => count.target === target));
  const failure = dispatchedAt === null ? row.failure : null;
  return {
    target,
    state: runTargetState({
      run,
      hasPlan: planHash !== null,
      isDue: dueAt !== null,
      isApproved: approvedAt !== null,
      isDispatched: dispatchedAt !== null,
      tables: tables.byState,
    }),
    ...(planHash !== null && { planHash }),
    ...(failure !== null && { failure }),
    ...(failure !== null && dueAt !== null && { retryAt: dueAt.toISOString() }),
    ...(approvedAt && { approvedAt: approvedAt.toISOString() }),
    tables,
  };
}

function countsOf(counts: readonly TableCountRow[]): TableCounts {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return { total, byState: Object.fromEntries(counts.map(({ state, count }) => [state, count])) };
}
