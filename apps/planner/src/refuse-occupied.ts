import { displayName, placesOf, refuseOccupied } from '@hiveferry/core';
import type { Neighbour, TablePlan } from '@hiveferry/core';
import type { PlanStore, PlannedTable } from '@hiveferry/ports';

interface OnTarget {
  readonly store: PlanStore;
  readonly runId: string;
  readonly target: string;
}

/** Refuses tables whose files would go where others stand on the target. The source is asked only about those that meet one there. */
export async function withoutOccupied(
  { store, runId, target }: OnTarget,
  page: readonly PlannedTable[],
  hashed: (plan: TablePlan) => PlannedTable,
): Promise<readonly PlannedTable[]> {
  const plans = page.map(({ plan }) => plan);
  const standing = await store.around.standing({ runId, target }, plans.flatMap(destinationsOf));
  const meeting = plans.filter((plan) => standing.has(displayName(plan.target)));
  if (meeting.length === 0) return page;
  const atSource = await store.neighbours(runId, meeting.flatMap(sourcesOf));
  return page.map((planned) => {
    const { plan } = planned;
    const facts = { standing: found(standing, plan.target), atSource: found(atSource, plan.source) };
    const decided = refuseOccupied(plan, facts);
    return decided === plan ? planned : { ...planned, ...hashed(decided) };
  });
}

const destinationsOf = (plan: TablePlan): readonly Neighbour[] => placesOf(plan, 'target');
const sourcesOf = (plan: TablePlan): readonly Neighbour[] => placesOf(plan, 'source');

/** Each once, also where two directories of a table hold it. */
function found(places: ReadonlyMap<string, readonly Neighbour[]>, name: TablePlan['source']): readonly Neighbour[] {
  return [...new Map((places.get(displayName(name)) ?? []).map((each) => [displayName(each.table), each])).values()];
}
