/**
 * READY steps wait in a table of their own, one row each, so that no index of `step` has to know who waits: a step that is claimed or
 * reported is written beside its old row and nowhere else. Who makes steps READY queues them in the same statement; a claim takes them off.
 * A row that is left over is passed over by a claim; when its step is READY again it is written anew, so that a claim, which may have
 * begun before, leaves it.
 */

/** Part of a statement: queues the READY ones among the steps that `from` names, which has all their columns. */
export const queued = (from: string): string => `
  queued as (
    insert into ready_step (step_id, run_id, cluster, target, kind, position)
    select id, run_id, cluster, target, kind, position from ${from} where state = 'READY'
    on conflict (cluster, target, kind, position, step_id) do update set run_id = excluded.run_id)`;
