import type { RunState } from '@hiveferry/core';
import type { ClaimedShard, Failure, PlanningPlace, RunLease, ShardCut, ShardRequest, TargetFailure } from '@hiveferry/ports';
import type { Sql } from './sql.ts';

/** Before a new cut: who did parts of earlier phases stays to be seen, and what is under way in them is refused. */
export async function deleteOpenShards(sql: Sql, lease: RunLease): Promise<void> {
  await sql.rows(`delete from run_shard where run_id = $1 and hold = $2 and (run_fence = $3 or state <> 'DONE')`, wholeOf(lease));
}

export async function deleteShards(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`delete from run_shard where run_id = $1`, [runId]);
}

export async function insertShards(sql: Sql, lease: RunLease, { work, targets, tablesAShard }: ShardCut): Promise<number> {
  const names =
    work === 'plan'
      ? `select database, table_name from run_inventory where run_id = $1`
      : `select distinct database, table_name from run_table
         where run_id = $1 and target = any($5::text[]) and state = 'PLANNED' and decision = 'MIGRATE'`;
  const rows = await sql.rows(
    `with numbered as (
       select database, table_name, (row_number() over (partition by database order by table_name) - 1) / $6::integer as page from (${names}) n),
     pages as (select database, page, max(table_name) as through, count(*) as tables from numbered group by database, page)
     insert into run_shard (run_id, hold, run_fence, number, work, targets, database, after, through, tables)
     select $1, $2, $3, row_number() over (order by database, page), $4, $5, database,
       coalesce(lag(through) over (partition by database order by page), ''), through, tables
     from pages returning number`,
    [...wholeOf(lease), work, targets, tablesAShard],
  );
  return rows.length;
}

export async function tellOfShards(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`select pg_notify('hiveferry_shard', $1)`, [runId]);
}

/** Who holds what a part is cut of: the run or one target. */
const holderOfPart = `run r on r.id = s.run_id left join run_target h on h.run_id = s.run_id and h.target = s.hold`;
const holderFence = `coalesce(h.fence, r.fence)`;

/** An open part of something that is held; rows another planner is taking are skipped. */
export async function takeShard(sql: Sql, { owner, leaseMs, of, work, isSuspect }: ShardRequest): Promise<ClaimedShard | undefined> {
  const [row] = await sql.rows<ShardRow>(
    `with picked as (
       select s.run_id, s.hold, s.run_fence, s.number, m.spec
       from run_shard s join ${holderOfPart} join migration m on m.id = r.migration_id
       where s.state = 'OPEN' and (s.lease_until is null or s.lease_until < clock_timestamp())
         and s.run_fence = ${holderFence} and case when h.target is null then r.lease_until else h.lease_until end > clock_timestamp()
         and ($3::uuid is null or s.run_id = $3 and s.hold = $4)
         and ($5::text is null or $5 = case when s.work = 'plan' and s.hold <> '' then 'plan-target' else s.work end)
         and ($6::boolean is null or $6 = (s.lease_owner is not null or case when h.target is null then r.is_suspect else h.is_suspect end))
       order by s.run_id, s.hold, s.number limit 1 for update of s skip locked)
     update run_shard s set fence = s.fence + 1, takes = s.takes + 1, lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
     from picked p where (s.run_id, s.hold, s.run_fence, s.number) = (p.run_id, p.hold, p.run_fence, p.number)
     returning s.run_id as "runId", s.hold, s.run_fence as fence, s.number, s.fence as "shardFence", s.takes, s.place, s.work, s.database, s.after,
       s.through, p.spec,
       array(select t from unnest(s.targets) as t where not exists (
         select from run_shard f where (f.run_id, f.hold, f.run_fence) = (s.run_id, s.hold, s.run_fence) and f.failures ? t)) as targets`,
    [owner, leaseMs, of?.runId ?? null, of?.target ?? '', work ?? null, isSuspect ?? null],
  );
  return row === undefined ? undefined : claimedShard(row);
}

interface ShardRow extends Pick<ClaimedShard, 'runId' | 'fence' | 'takes' | 'work' | 'spec'> {
  readonly hold: string;
  readonly number: number;
  readonly shardFence: string;
  readonly place: PlanningPlace | null;
  readonly database: string;
  readonly after: string;
  readonly through: string;
  readonly targets: readonly string[];
}

function claimedShard({ hold, number, shardFence, place, database, after, through, targets, ...row }: ShardRow): ClaimedShard {
  return {
    ...row,
    ...(hold !== '' && { target: hold }),
    ...(place !== null && { lastPlace: place }),
    shard: { number, fence: shardFence },
    tables: { database, after, through },
    targets: targets.map((name) => ({ name, tries: 0 })),
  };
}

export async function putPlace(sql: Sql, shard: RunLease, place: PlanningPlace): Promise<void> {
  await sql.rows(
    `update run_shard set place = $6::jsonb where run_id = $1 and hold = $2 and run_fence = $3 and number = $4 and fence = $5`,
    [...keyOf(shard), JSON.stringify(place)],
  );
}

/** Where planners were that did not come to an end with their parts; of several, the last one that gave a sign. */
export async function placeOfDead(sql: Sql, { runId, target }: Pick<RunLease, 'runId' | 'target'>): Promise<PlanningPlace | undefined> {
  const [row] = await sql.rows<{ place: PlanningPlace }>(
    `select coalesce(place, jsonb_build_object('database', database, 'from', after, 'through', through)) as place from run_shard
     where run_id = $1 and hold = $2 and state = 'OPEN' and lease_owner is not null order by lease_until desc limit 1`,
    [runId, target ?? ''],
  );
  return row?.place;
}

/** @returns the run's state, undefined when the part is not this planner's any more */
export async function extendShardLease(sql: Sql, lease: RunLease, leaseMs: number): Promise<RunState | undefined> {
  const [row] = await sql.rows<{ state: RunState }>(
    `with part as (
       select s.run_id, s.hold, s.run_fence, s.number, r.state from run_shard s join ${holderOfPart}
       where s.run_id = $1 and s.hold = $2 and s.run_fence = $3 and s.number = $4 and s.fence = $5 and s.run_fence = ${holderFence})
     update run_shard s set lease_until = clock_timestamp() + $6 * interval '1 millisecond' from part p
     where (s.run_id, s.hold, s.run_fence, s.number) = (p.run_id, p.hold, p.run_fence, p.number)
       and s.fence = $5 and s.state = 'OPEN' and s.lease_owner is not null returning p.state`,
    [...keyOf(lease), leaseMs],
  );
  return row?.state;
}

/** Locks the part as its planner. @returns false when another took it over, or the whole */
export async function holdsShard(sql: Sql, lease: RunLease): Promise<boolean> {
  const rows = await sql.rows(
    `select number from run_shard
     where run_id = $1 and hold = $2 and run_fence = $3 and number = $4 and fence = $5 and state = 'OPEN' and lease_owner is not null
     for no key update`,
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
    `update run_shard set state = $6, failures = $7::jsonb, failure = $8::jsonb, lease_until = null, takes = 0,
       lease_owner = case when $6 = 'OPEN' then null else lease_owner end, ended_at = case when $6 <> 'OPEN' then clock_timestamp() end
     where run_id = $1 and hold = $2 and run_fence = $3 and number = $4 and fence = $5 and state = 'OPEN'`,
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

export async function shardCounts(sql: Sql, lease: RunLease): Promise<ShardCounts> {
  const [row] = await sql.rows<ShardCounts>(
    `select count(*) filter (where state = 'OPEN')::integer as open, (array_agg(failure) filter (where state = 'FAILED'))[1] as failure
     from run_shard where run_id = $1 and hold = $2 and run_fence = $3`,
    wholeOf(lease),
  );
  return row ?? { open: 0, failure: null };
}

/** The first failure of each target. */
export async function failedInShards(sql: Sql, lease: RunLease): Promise<readonly TargetFailure[]> {
  return sql.rows(
    `select distinct on (f.key) f.key as target, f.value as failure from run_shard s cross join lateral jsonb_each(s.failures) as f
     where s.run_id = $1 and s.hold = $2 and s.run_fence = $3 order by f.key, s.ended_at`,
    wholeOf(lease),
  );
}

const wholeOf = ({ runId, target, fence }: RunLease): readonly unknown[] => [runId, target ?? '', fence];
const keyOf = (lease: RunLease): readonly unknown[] => [...wholeOf(lease), lease.shard?.number ?? null, lease.shard?.fence ?? null];
