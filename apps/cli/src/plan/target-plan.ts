import type { ClusterFacts } from '@hiveferry/core';
import type { MigrationSpec } from '@hiveferry/ports';
import type { ChosenBy } from './choose-copies.ts';
import type { OfflinePlan } from './plan-snapshots.ts';

/** The plan for one target, with what it was made from. */
export interface TargetPlan {
  readonly plan: OfflinePlan;
  readonly spec: MigrationSpec;
  readonly facts: ClusterFacts;
  /** Absent when all copies are wanted. */
  readonly chosenBy?: ChosenBy;
}

/** All targets' plans; the source is the same. */
export interface WrittenPlans {
  readonly source: string;
  readonly targets: readonly TargetPlan[];
}
