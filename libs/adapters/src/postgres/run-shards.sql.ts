import type { RunState } from '@hiveferry/core';
import type { ClaimedShard, Failure, RunLease, ShardCut, TargetFailure } from '@hiveferry/ports';
import type { Sql } from './sql.ts';

/** Before a new cut: who did parts of earlier phases stays to be seen, and what is under way in them is refused. */
export async function deleteOpenShards(sql: Sql, { runId, fence }: RunLease): Promise<void> {
  await sql.rows(`delete from run_shard where run_id = $1 and (run_fence = $2 or state <> 'DONE')`, [runId, fence]);
}

export async function deleteShards(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`delete from run_shard where run_id = $1`, [runId]);
}

export async function insertShards(sql: Sql, lease: RunLease, { work, targets, tablesAShard }: ShardCut): Promise<number> {
  const names =
    work === 'plan'
      ? `select database, table_name from run_inventory where run_id = $1`
      : `select distinct database, table_name from run_table
         where run_id = $1 and target = any($4::text[]) and state = 'PLANNED' and decision = 'MIGRATE'`;
  const rows = await sql.rows(
    `with numbered as (
       select database, table_name, (row_number() over (partition by database order by table_name) - 1) / $5::integer as page from (${names}) n),
     pages as (select database, page, max(table_name) as through, count(*) as tables from numbered group by database, page)
     insert into run_shard (run_id, run_fence, number, work, targets, database, after, through, tables)
     select $1, $2, row_number() over (order by database, page), $3, $4, database,
       coalesce(lag(through) over (partition by database order by page), ''), through, tables
     from pages returning number`,
    [lease.runId, lease.fence, work, targets, tablesAShard],
  );
  return rows.length;
}

export async function tellOfShards(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`select pg_notify('hiveferry_shard', $1)`, [runId]);
}

/** An open part whose run is held; rows another planner is taking are skipped. */
export async function takeShard(
  sql: Sql,
  { owner, leaseMs, runId }: { readonly owner: string; readonly leaseMs: number; readonly runId?: string },
): Promise<ClaimedShard | undefined> {
  const [row] = await sql.rows<ShardRow>(
    `with picked as (
       select s.run_id, s.run_fence, s.number, m.spec, r.attempt
       from run_shard s join run r on r.id = s.run_id and r.fence = s.run_fence and r.lease_until > clock_timestamp()
       join migration m on m.id = r.migration_id
       where s.state = 'OPEN' and (s.lease_until is null or s.lease_until < clock_timestamp()) and ($3::uuid is null or s.run_id = $3)
       order by s.run_id, s.number limit 1 for update of s skip locked)
     update run_shard s set fence = s.fence + 1, lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
     from picked p where (s.run_id, s.run_fence, s.number) = (p.run_id, p.run_fence, p.number)
     returning s.run_id as "runId", s.run_fence as fence, s.number, s.fence as "shardFence", s.work, s.database, s.after, s.through, p.spec, p.attempt,
       array(select t from unnest(s.targets) as t where not exists (
         select from run_shard f where (f.run_id, f.run_fence) = (s.run_id, s.run_fence) and f.failures ? t)) as targets`,
    [owner, leaseMs, runId ?? null],
  );
  return row === undefined ? undefined : claimedShard(row);
}

interface ShardRow extends Pick<ClaimedShard, 'runId' | 'fence' | 'work' | 'spec' | 'attempt'> {
  readonly number: number;
  readonly shardFence: string;
  readonly database: string;
  readonly after: string;
  readonly through: string;
  readonly targets: readonly string[];
}

function claimedShard({ number, shardFence, database, after, through, targets, ...row }: ShardRow): ClaimedShard {
  return {
    ...row,
    shard: { number, fence: shardFence },
    tables: { database, after, through },
    targets: targets.map((name) => ({ name, tries: 0 })),
  };
}

/** @returns the run's state, undefined when the part is not this planner's any more */
export async function extendShardLease(sql: Sql, lease: RunLease, leaseMs: number): Promise<RunState | undefined> {
  const [row] = await sql.rows<{ state: RunState }>(
    `update run_shard s set lease_until = clock_timestamp() + $5 * interval '1 millisecond' from run r
     where s.run_id = $1 and s.run_fence = $2 and s.number = $3 and s.fence = $4 and s.state = 'OPEN' and s.lease_owner is not null
       and r.id = s.run_id and r.fence = s.run_fence returning r.state`,
    [...keyOf(lease), leaseMs],
  );
  return row?.state;
}

/** Locks the part as its planner. @returns false when another took it over, or the run */
export async function holdsShard(sql: Sql, lease: RunLease): Promise<boolean> {
  const rows = await sql.rows(
    `select number from run_shard
     where run_id = $1 and run_fence = $2 and number = $3 and fence = $4 and state = 'OPEN' and lease_owner is not null for no key update`,
    keyOf(lease),
  );
  return rows.length > 0;
}

export interface ShardEnd {
  readonly state: 'OPEN' | 'DONE' | 'FAILED';
  readonly failed?: readonly TargetFailure[];
  readonly failure?: Failure;
}

/** Who did it stays to be seen. */
export async function endShard(sql: Sql, lease: RunLease, { state, failed = [], failure }: ShardEnd): Promise<void> {
  await sql.rows(
    `update run_shard set state = $5, failures = $6::jsonb, failure = $7::jsonb, lease_until = null,
       lease_owner = case when $5 = 'OPEN' then null else lease_owner end, ended_at = case when $5 <> 'OPEN' then clock_timestamp() end
     where run_id = $1 and run_fence = $2 and number = $3 and fence = $4 and state = 'OPEN'`,
    [
      ...keyOf(lease),
      state,
      JSON.stringify(Object.fromEntries(failed.map((one) => [one.target, one.failure]))),
      failure === undefined ? null : JSON.stringify(failure),
    ],
  );
}

interface ShardCounts {
  readonly open: number;
  readonly failure: Failure | null;
}

export async function shardCounts(sql: Sql, { runId, fence }: RunLease): Promise<ShardCounts> {
  const [row] = await sql.rows<ShardCounts>(
    `select count(*) filter (where state = 'OPEN')::integer as open, (array_agg(failure) filter (where state = 'FAILED'))[1] as failure
     from run_shard where run_id = $1 and run_fence = $2`,
    [runId, fence],
  );
  return row ?? { open: 0, failure: null };
}

/** The first failure of each target. */
export async function failedInShards(sql: Sql, { runId, fence }: RunLease): Promise<readonly TargetFailure[]> {
  return sql.rows(
    `select distinct on (f.key) f.key as target, f.value as failure from run_shard s cross join lateral jsonb_each(s.failures) as f
     where s.run_id = $1 and s.run_fence = $2 order by f.key, s.ended_at`,
    [runId, fence],
  );
}

const keyOf = ({ runId, fence, shard }: RunLease): readonly unknown[] => [runId, fence, shard?.number ?? null, shard?.fence ?? null];
