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
  const { target, planHash, approvedAt, failure, planAt } = row;
  const tables = countsOf(counts.filter((count) => count.target === target));
  const isToBePlanned = planHash === null && planAt !== null;
  return {
    target,
    state: runTargetState({
      run,
      hasPlan: planHash !== null,
      isToBePlanned,
      isApproved: approvedAt !== null,
      isDispatched: row.dispatchedAt !== null,
      tables: tables.byState,
    }),
    ...(planHash !== null && { planHash }),
    ...(planHash === null && failure !== null && { failure }),
    ...(isToBePlanned && failure !== null && { retryAt: planAt.toISOString() }),
    ...(approvedAt && { approvedAt: approvedAt.toISOString() }),
    tables,
  };
}

function countsOf(counts: readonly TableCountRow[]): TableCounts {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return { total, byState: Object.fromEntries(counts.map(({ state, count }) => [state, count])) };
}
