import { MigrationError } from '@hiveferry/core';
import type { PlannerClaim, PlanningPlace } from '@hiveferry/ports';

/** Fault PLANNER_KILLED for what planners took again and again and never reported on: it would kill this one too. */
export function refuseDeadly(claim: PlannerClaim, maxTakes: number): void {
  const taken = claim.takes - 1;
  // The first of them may have died of what else was in its hands: since then it was taken alone.
  if (taken < Math.max(maxTakes, 2)) return;
  const what = claim.target === undefined ? `run ${claim.runId}` : `target ${claim.target} of run ${claim.runId}`;
  throw new MigrationError(
    'PLANNER_KILLED',
    `${what} was taken ${taken} times by planners that stopped without a word, ${placeText(claim.lastPlace)}. ${ADVICE}`,
    { category: 'environment', retry: 'operator', subject: claim.runId, detail: { taken, place: claim.lastPlace } },
  );
}

const ADVICE =
  'Look at the end of their logs; when it is memory, give planners more (NODE_OPTIONS=--max-old-space-size, the limit of the container) or leave the table out (selection.excludeTables of a new migration). Then resume the run.';

function placeText(place: PlanningPlace | undefined): string {
  if (place === undefined) return 'the last time before any page of tables, or after all of them';
  const { database, from, through } = place;
  return `the last time at tables ${from} to ${through} of database ${database}`;
}
