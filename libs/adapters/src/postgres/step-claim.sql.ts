import { specOnTarget } from '@hiveferry/contracts';
import type { RunState, StepKind, StepState } from '@hiveferry/core';
import type { ClaimRequest, ClaimedStep, Failure, MigrationSpec, StepLease } from '@hiveferry/ports';
import { isFolded, unfold } from './folded-claims.sql.ts';
import type { HeldStep } from './folded-claims.sql.ts';
import { queued } from './ready-queue.sql.ts';
import { anyId, plainArray, plainTexts } from './sql.ts';
import type { Sql } from './sql.ts';

/** Which step a fenced statement changed, and where it belongs. */
export interface StepPlace {
  readonly id: string;
  readonly target: string;
  readonly database: string;
  /** Empty for a database's step. */
  readonly tableName: string;
  readonly key: string;
  readonly kind: string;
  readonly attempt: number;
}

export const placeColumns = `s.id, s.target, s.database, s.table_name as "tableName", s.key, s.kind, s.attempt`;

/** Which clusters have work for which targets; $2 as `takeReadySteps` has it. */
const LIVE_LINKS = `
  select distinct c.cluster, t.target from run r
  join migration m on m.id = r.migration_id join run_target t on t.run_id = r.id and t.dispatched_at is not null
  cross join lateral (values (t.target), (m.source)) as c (cluster)
  where r.state = 'EXECUTING' and r.ended_at is null and ($2::text[] is null or c.cluster = any($2::text[]))`;

/** Links that are known need not be looked for: one that has no work has an empty queue. */
const KNOWN_LINKS = `select cluster, target from rooms where $2::text[] is null or cluster = any($2::text[])`;

/** Rows of the queue for the rooms: as many as a link has places, in the order of the queue, and more of the kinds that it wants ahead. */
const PICKED = `picked as (
     select p.place from room cross join lateral (
       select c.place, c.is_quick, row_number() over queue as number, count(*) filter (where c.is_quick) over queue as quick_number
       from (
         select r.place, r.position, r.step_id, k.is_quick
         from (select kind, kind = any(room.quick) as is_quick from unnest($3::text[]) as w (kind)) k cross join lateral (
           select q.ctid as place, q.position, q.step_id from ready_step q
           where q.cluster = room.cluster and q.target = room.target and q.kind = k.kind
           order by q.position desc, q.step_id limit room.places + case when k.is_quick then room.ahead else 0 end for update skip locked) r) c
       window queue as (order by c.position desc, c.step_id rows unbounded preceding)) p
     where p.number <= room.places or (p.is_quick and p.quick_number <= room.places + room.ahead))`;

/** Steps of a claim that are alike, with what they share said once. */
const TAKEN_STEPS = `select json_agg(json_build_array(run_id, target, database, key, kind, side, cluster, ids, tables, payloads, attempts, tries)) from (
          select run_id, target, database, key, kind, side, cluster, array_agg(id)::text as ids, json_agg(table_name) as tables,
            json_agg(payload) as payloads, array_agg(attempt)::text as attempts, array_agg(tries)::text as tries
          from taken group by run_id, target, database, key, kind, side, cluster) g`;

/**
 * READY steps are claimed: one row says so for all of them (`folded-claims.sql.ts`); rows another executor is taking are skipped. Each link of
 * a cluster to a target has a queue and places of its own. Later steps of a table go first, so that tables are finished one after another
 * instead of all at the end; of kinds that are wanted ahead there are more than places. All rows come as one text, which is a fifth of the
 * driver's work.
 */
export async function takeReadySteps(sql: Sql, request: ClaimRequest): Promise<readonly ClaimedStep[]> {
  const [taken] = await sql.rows<TakenSteps>(
    `with rooms as materialized (
       select * from jsonb_to_recordset($6::jsonb) as r (cluster text, target text, taken integer, ahead integer, quick text[])),
     links as (${request.isOfRooms === true ? KNOWN_LINKS : LIVE_LINKS}),
     room as (
       select l.cluster, l.target, greatest(0, $4 - coalesce(r.taken, 0)) as places, coalesce(r.ahead, 0) as ahead, coalesce(r.quick, '{}') as quick
       from links l left join rooms r using (cluster, target)),
     ${PICKED},
     unqueued as (delete from ready_step where ctid = any(array(select place from picked)) returning step_id),
     taken as materialized (
       select id, run_id, target, database, table_name, key, kind, side, cluster, payload, attempt + 1 as attempt, tries
       from step where id = any(array(select step_id from unqueued)) and state = 'READY'),
     noted as (
       insert into step_claim (steps, unreported, owner, lease_until, is_folded)
       select array_agg(id), count(*), $1, clock_timestamp() + $5 * interval '1 millisecond', true from taken having count(*) > 0
       returning id)
     select noted.id as fence,
       (${TAKEN_STEPS}) as steps,
       (select json_object_agg(r.id, m.spec) from run r join migration m on m.id = r.migration_id
        where r.id in (select run_id from taken)) as specs
     from noted`,
    [
      request.owner,
      request.clusters ?? null,
      request.kinds,
      request.limit,
      request.leaseMs,
      JSON.stringify(request.rooms?.map(({ ahead, ...room }) => ({ ...room, ahead: ahead?.limit ?? 0, quick: ahead?.kinds ?? [] })) ?? []),
    ],
  );
  return taken === undefined ? [] : claimedSteps(taken);
}

/** Steps of one run and target share their request. */
function claimedSteps({ fence, steps, specs }: TakenSteps): readonly ClaimedStep[] {
  const onTarget = new Map<string, MigrationSpec>();
  return steps.flatMap((alike) => {
    const [runId, target] = alike;
    const spec = onTarget.get(`${runId}/${target}`) ?? specOf(specs[runId], target);
    if (spec === undefined) return [];
    onTarget.set(`${runId}/${target}`, spec);
    return stepsOf(alike, { fence, spec });
  });
}

function stepsOf(
  [runId, target, database, key, kind, side, cluster, ids, tables, payloads, attempts, tries]: AlikeSteps,
  { fence, spec }: Pick<ClaimedStep, 'fence' | 'spec'>,
): readonly ClaimedStep[] {
  const [attempt, tried] = [plainTexts(attempts), plainTexts(tries)];
  return plainTexts(ids).map((stepId, index) => {
    const table = tables[index] ?? '';
    // Columns of the same rows: none is shorter.
    const payload = payloads[index] as ClaimedStep['payload'];
    const own = { attempt: Number(attempt[index]), tries: Number(tried[index]), payload };
    const step = { stepId, runId, fence, target, database, key, kind, side, cluster, spec, ...own };
    return table === '' ? step : { ...step, table };
  });
}

function specOf(migration: MigrationSpec | undefined, target: string): MigrationSpec | undefined {
  return migration === undefined ? undefined : specOnTarget(migration, target);
}

/** What many steps share comes once. */
interface TakenSteps {
  readonly fence: string;
  readonly steps: readonly AlikeSteps[];
  readonly specs: Readonly<Record<string, MigrationSpec>>;
}

/** Steps that differ in what comes as columns; those of ids and numbers are arrays as Postgres writes them. */
type AlikeSteps = readonly [
  runId: string,
  target: string,
  database: string,
  key: string,
  kind: StepKind,
  side: ClaimedStep['side'],
  cluster: string,
  ids: string,
  tables: readonly string[],
  payloads: readonly unknown[],
  attempts: string,
  tries: string,
];

/** @returns of each lease its run's state, undefined where the fence is not this claim's any more; an ending goes on whatever becomes of its run */
export async function extendLeases(sql: Sql, leases: readonly StepLease[], leaseMs: number): Promise<readonly (RunState | undefined)[]> {
  const states = new Map<string, RunState>();
  const note = (rows: readonly HeldStep[]): void => rows.forEach(({ id, fence, runState }) => states.set(`${id}/${fence}`, runState));
  const missing = (): readonly StepLease[] => leases.filter(({ stepId, fence }) => !states.has(`${stepId}/${fence}`));
  note(await extendUnfolded(sql, leases, leaseMs));
  if (missing().length > 0) note(await unfold(sql, { leases: missing() }, leaseMs));
  // Somebody else, who looks at copies or renews at the same moment, may have unfolded them in between.
  if (missing().length > 0) note(await extendUnfolded(sql, missing(), leaseMs));
  return leases.map(({ stepId, fence }) => states.get(`${stepId}/${fence}`));
}

async function extendUnfolded(sql: Sql, leases: readonly StepLease[], leaseMs: number): Promise<readonly HeldStep[]> {
  return sql.rows(
    `update step s set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     from unnest($1::uuid[], $2::bigint[]) as c (id, fence), run r
     where s.id = ${anyId('$1')} and s.id = c.id and s.fence = c.fence and s.state in ('RUNNING', 'ENDING') and r.id = s.run_id
     returning s.id, s.fence, case s.state when 'ENDING' then 'EXECUTING' else r.state end as "runState"`,
    [plainArray(leases.map(({ stepId }) => stepId)), plainArray(leases.map(({ fence }) => fence)), leaseMs],
  );
}

export interface StepEnd {
  readonly state: StepState;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
  readonly countsAsTry?: boolean;
  /** Only when the lease has ended: what a sweeper may do. */
  readonly onlyExpired?: boolean;
  readonly availableInMs?: number;
  /** What the claim began may go on outside. */
  readonly isUnended?: boolean;
}

/** A step that is given up, though what it began may go on: ENDING comes first. */
const isLeft = `($3 in ('FAILED', 'CANCELLED') and (s.unended or $9))`;

/** Ends one claim where its fence is still the step's. @returns undefined when it is not */
export async function endClaim(sql: Sql, lease: StepLease, end: StepEnd): Promise<(StepPlace & { readonly state: StepState }) | undefined> {
  await unfold(sql, { leases: [lease] });
  const [row] = await sql.rows<StepPlace & { readonly state: StepState }>(
    `with s as (
     update step s set state = case when ${isLeft} then 'ENDING' else $3 end, result = coalesce($4::jsonb, s.result), failure = $5::jsonb,
       tries = s.tries + $6, unended = s.unended or $9,
       ends = case when ${isLeft} then jsonb_build_object('state', $3::text, 'failure', $5::jsonb) end,
       lease_until = null, ended_at = case when $3 in ('FAILED', 'CANCELLED') and not ${isLeft} then clock_timestamp() end,
       available_at = clock_timestamp() + $7 * interval '1 millisecond', announced_at = clock_timestamp()
     where s.id = $1 and s.fence = $2 and s.state = 'RUNNING' and (not $8 or s.lease_until < clock_timestamp()) returning s.*),
     ${queued('s')}
     select ${placeColumns}, s.state from s`,
    [
      lease.stepId,
      lease.fence,
      end.state,
      jsonOrNull(end.result),
      jsonOrNull(end.failure),
      end.countsAsTry === true ? 1 : 0,
      end.availableInMs ?? 0,
      end.onlyExpired === true,
      end.isUnended === true,
    ],
  );
  return row;
}

/** What a claim came to; until it ends, the step's own row tells who has it. */
export async function closeAttempt(sql: Sql, lease: StepLease, end: StepEnd): Promise<void> {
  await sql.rows(
    `insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, failure, started_at, ended_at)
     select id, fence, attempt, lease_owner, $3, $4::jsonb, $5::jsonb, started_at, clock_timestamp() from step where id = $1 and fence = $2`,
    [lease.stepId, lease.fence, end.state, jsonOrNull(end.result), jsonOrNull(end.failure)],
  );
}

/** What began may go on outside, though its claim ends otherwise. */
export async function markUnended(sql: Sql, lease: StepLease): Promise<void> {
  await unfold(sql, { leases: [lease] });
  await sql.rows(`update step set unended = true where id = $1 and fence = $2 and state = 'RUNNING'`, [lease.stepId, lease.fence]);
}

/** A claim that expired had been given up by an executor that could not say so: it was no try. @returns false when it did not end so */
export async function excuseExpiry(sql: Sql, lease: StepLease): Promise<boolean> {
  const rows = await sql.rows(
    `with excused as (
       update kept_attempt set failure = null where step_id = $1 and fence = $2 and outcome = 'READY' and failure ->> 'code' = 'LEASE_EXPIRED'
       returning step_id)
     update step s set tries = greatest(0, s.tries - 1) from excused where s.id = excused.step_id returning s.id`,
    [lease.stepId, lease.fence],
  );
  return rows.length > 0;
}

export interface ExpiredClaim extends StepLease {
  readonly kind: StepKind;
  readonly tries: number;
  readonly owner: string;
}

export async function expiredClaims(sql: Sql, limit: number): Promise<readonly ExpiredClaim[]> {
  await unfold(sql, { isExpired: true });
  return sql.rows(
    `select id as "stepId", run_id as "runId", fence, kind, tries, lease_owner as owner from step
     where id = any(array(select distinct unnest(steps) from step_claim)) and state = 'RUNNING' and lease_until < clock_timestamp()
     order by lease_until limit $1`,
    [limit],
  );
}

/** Claims of which no step runs any more: nobody is going to look for them. Reports count down; what ends otherwise is looked for. */
export async function deleteEndedClaims(sql: Sql): Promise<void> {
  await sql.rows(
    `delete from step_claim c where c.unreported <= 0
       or not exists (select from step s where s.id = any(c.steps) and (s.claim_id = c.id and s.state = 'RUNNING' or ${isFolded}))`,
  );
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
