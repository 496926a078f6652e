import { MigrationError } from '@hiveferry/core';
import type { RunLease } from '@hiveferry/ports';
import { holdsRun } from './dispatch.sql.ts';
import { holdsShard } from './run-shards.sql.ts';
import type { Sql } from './sql.ts';

/** Locks what the lease is for until the transaction ends. Fault LEASE_LOST when another planner took over. */
export async function mustHold(sql: Sql, lease: RunLease): Promise<void> {
  const holds = lease.shard === undefined ? holdsRun : holdsShard;
  if (!(await holds(sql, lease))) throw planLeaseLost(lease);
}

function planLeaseLost(lease: RunLease): MigrationError {
  return new MigrationError(
    'LEASE_LOST',
    `run ${lease.runId} was taken over by another planner: fence ${lease.fence} is no longer its own`,
    {
      category: 'conflict',
      retry: 'never',
      subject: lease.runId,
      detail: { fence: lease.fence },
    },
  );
}
