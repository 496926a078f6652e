import { destinationClashes, displayName, isExecutable, isWithin, refusePlan, tableHash } from '@hiveferry/core';
import type { Destination, Issue, TableName } from '@hiveferry/core';
import type { PlanStore, PlannerClaim } from '@hiveferry/ports';
import { sha256 } from './plan-tables.ts';
import type { RunGuard } from './run-guard.ts';

const TABLES_A_PAGE = 100;

interface Planned {
  readonly run: PlannerClaim;
  readonly guard: RunGuard;
  readonly store: PlanStore;
}

interface Refusal {
  readonly table: TableName;
  readonly issue: Issue;
}

/**
 * Refuses tables whose files would be mixed on the target. A table's plan is made without the others, so this comes when all are there;
 * it reads only locations, and only the plans that clash. It can run twice: what is refused has no copies any more.
 *
 * @returns how many were refused
 */
export async function refuseClashes({ run, guard, store }: Planned, target: string): Promise<number> {
  // What is only told of does not clash.
  if (!isExecutable(run.spec.strategy)) return 0;
  const refusals = await refusalsOf(store.copiesByDestination(run.runId, target));
  for (let start = 0; start < refusals.length; start += TABLES_A_PAGE) {
    guard.check();
    const page = refusals.slice(start, start + TABLES_A_PAGE);
    const plans = await store.tablePlans(
      run.runId,
      target,
      page.map(({ table }) => table),
    );
    const refused = plans.flatMap((plan) => {
      const refusal = page.find(({ table }) => isSame(table, plan.source));
      return refusal === undefined ? [] : [refusePlan(plan, refusal.issue)];
    });
    await store.putTablePlans(
      run,
      target,
      refused.map((plan) => ({ plan, tableHash: tableHash(plan, sha256) })),
    );
  }
  return refusals.length;
}

async function refusalsOf(copies: AsyncIterable<readonly Destination[]>): Promise<readonly Refusal[]> {
  const found = new Map<string, Refusal>();
  for await (const group of groupsOf(copies)) {
    const clashes = destinationClashes(group);
    for (const { table } of group) {
      const key = JSON.stringify([table.database, table.table]);
      const issue = clashes.get(displayName(table));
      if (issue !== undefined && !found.has(key)) found.set(key, { table, issue });
    }
  }
  return [...found.values()];
}

/** Only copies into one directory can clash: one group at a time is held. */
async function* groupsOf(copies: AsyncIterable<readonly Destination[]>): AsyncIterable<readonly Destination[]> {
  let group: Destination[] = [];
  for await (const page of copies) {
    for (const next of page) {
      const isInside = isWithin(next.target, group[0]?.target ?? next.target);
      if (!isInside && group.length > 1) yield group;
      if (isInside) group.push(next);
      else group = [next];
    }
  }
  if (group.length > 1) yield group;
}

const isSame = (one: TableName, other: TableName): boolean => one.database === other.database && one.table === other.table;
