/**
 * READY steps wait in a table of their own, one row each, so that no index of `step` has to know who waits: a step that is claimed or
 * reported is written beside its old row and nowhere else. Who makes steps READY queues them in the same statement; a claim takes them off.
 * A step that left READY otherwise may still be queued: a claim passes it over. When it is READY again that row is written anew, so that a
 * claim, which may have begun before, leaves it.
 */

/** Part of a statement: queues the READY ones among the steps that `from` names, which has all their columns. */
export const queued = (from: string): string => `
  queued as (
    insert into ready_step (step_id, run_id, cluster, target, kind, position)
    select id, run_id, cluster, target, kind, position from ${from} where state = 'READY'
    on conflict (cluster, target, kind, position, step_id) do update set run_id = excluded.run_id)`;

/** Part of a statement: takes those that `where` names as `q` off the queue. One that is being claimed is left to its claim. */
export const unqueued = (where: string): string => `
  unqueued as (
    delete from ready_step where ctid = any(array(select q.ctid from ${where} for update of q skip locked)))`;
