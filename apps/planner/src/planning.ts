import type { ClusterClients } from '@hiveferry/platform';
import type { PlanStore, PlannerClaim, TargetFailure } from '@hiveferry/ports';
import { failureOf } from '@hiveferry/platform';
import { tableSelector } from './plan-settings.ts';
import type { TablesToPlan } from './plan-tables.ts';
import type { PlannerOptions } from './planner-options.ts';
import type { RunGuard } from './run-guard.ts';
import { TargetParts } from './target-parts.ts';

export interface PlanningParts {
  readonly store: PlanStore;
  readonly clusters: ClusterClients;
  readonly options: PlannerOptions;
}

/** What planning a run, or a part of it, needs. */
export async function openPlanning(
  run: PlannerClaim,
  guard: RunGuard,
  { store, clusters, options: { patienceMs, lookAroundTables } }: PlanningParts,
): Promise<TablesToPlan> {
  const isSelected = tableSelector(run.spec.selection);
  const source = await clusters.get(run.spec.source);
  return { run, guard, store, source, isSelected, patienceMs, lookAroundTables, targets: await TargetParts.open(run, clusters) };
}

/** Why targets left, and for those that did not the error that ended the work. */
export function failuresOf(targets: TargetParts, error?: unknown): readonly TargetFailure[] {
  const own = [...targets.failed].map(([target, fault]) => ({ target, failure: failureOf(fault) }));
  const common = error === undefined ? [] : targets.active.map(({ name }) => ({ target: name, failure: failureOf(error) }));
  return [...own, ...common];
}
