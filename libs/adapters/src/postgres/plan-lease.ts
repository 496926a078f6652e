import { MigrationError } from '@hiveferry/core';
import type { RunLease } from '@hiveferry/ports';
import { holdsRun } from './plan.sql.ts';
import { holdsTarget } from './plan-targets.sql.ts';
import { holdsShard } from './run-shards.sql.ts';
import type { Sql } from './sql.ts';

/** Locks what the lease is for until the transaction ends. Fault LEASE_LOST when another planner took over. */
export async function mustHold(sql: Sql, lease: RunLease): Promise<void> {
  if (!(await holds(sql, lease))) throw planLeaseLost(lease);
}

function holds(sql: Sql, lease: RunLease): Promise<boolean> {
  if (lease.shard !== undefined) return holdsShard(sql, lease);
  return lease.target === undefined ? holdsRun(sql, lease) : holdsTarget(sql, lease);
}

function planLeaseLost(lease: RunLease): MigrationError {
  const what = lease.target === undefined ? `run ${lease.runId}` : `target ${lease.target} of run ${lease.runId}`;
  return new MigrationError('LEASE_LOST', `${what} was taken over by another planner: fence ${lease.fence} is no longer its own`, {
    category: 'conflict',
    retry: 'never',
    subject: lease.runId,
    detail: { fence: lease.fence },
  });
}
