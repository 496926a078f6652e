import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A claim is a row of its own and nothing else, until one of its steps is renewed, fails, is cancelled or is looked for: then that step's row
 * says RUNNING. `step_now` tells of every step what it is, whichever row says so. The fence of a claim is its number: those that are
 * given from now on are above all that were. Claims of before are not folded. READY steps that an older process did not queue are queued.
 */
const STATEMENTS = [
  `alter table step_claim add column owner text, add column lease_until timestamptz, add column is_folded boolean not null default false`,
  // Processes of before do not know folded claims: what they say of a claim fails.
  `alter table step_claim rename column open to unreported`,
  `select setval('step_claim_id_seq', greatest((select coalesce(max(fence), 0) from step), (select last_value from step_claim_id_seq)) + 1)`,
  `insert into ready_step (step_id, run_id, cluster, target, kind, position)
     select id, run_id, cluster, target, kind, position from step where state = 'READY' on conflict do nothing`,
  // What a report writes is longer than what was there: so that it still has its place beside the old row, and no index is written.
  `alter table step set (fillfactor = 40)`,
  `create view step_now as
     select s.id, s.run_id, s.target, s.database, s.table_name, s.key, s.kind, s.cluster, s.position,
       case when c.id is null then s.state else 'RUNNING' end as state,
       case when c.id is null then s.attempt else s.attempt + 1 end as attempt,
       s.tries, coalesce(c.id, s.fence) as fence, coalesce(c.owner, s.lease_owner) as lease_owner,
       coalesce(c.lease_until, s.lease_until) as lease_until, coalesce(c.claimed_at, s.started_at) as started_at,
       case when c.id is null then s.ended_at end as ended_at, s.waits_until,
       case when c.id is null then s.failure end as failure, s.result
     from step s left join lateral (
       select c.id, c.owner, c.lease_until, c.claimed_at from step_claim c
       where s.state = 'READY' and c.is_folded and c.unreported > 0 and c.id > s.fence and s.id = any(c.steps) limit 1) c on true`,
];

export class FoldedClaims1763764000000 implements MigrationInterface {
  readonly name = 'FoldedClaims1763764000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('FoldedClaims1763764000000 cannot be undone: restore a backup'));
  }
}
