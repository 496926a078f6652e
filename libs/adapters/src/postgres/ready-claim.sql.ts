import { specOnTarget } from '@hiveferry/contracts';
import type { StepKind } from '@hiveferry/core';
import type { ClaimRequest, ClaimedStep, Link, LinkRoom, MigrationSpec } from '@hiveferry/ports';
import { plainTexts } from './sql.ts';
import type { Sql } from './sql.ts';

/** Of a row in a link's queue of one kind: higher positions go first, then lower ids. */
export interface QueuePlace {
  readonly position: number;
  readonly stepId: string;
}

export interface ReadyClaim extends Omit<ClaimRequest, 'rooms'> {
  readonly rooms?: readonly ClaimedRoom[];
}

export interface ClaimedRoom extends LinkRoom {
  /** Rows up to these are passed by, of kinds that are wanted ahead. @default the queue is read from its start */
  readonly after?: QueuePlaces | undefined;
}

export type QueuePlaces = Readonly<Partial<Record<StepKind, QueuePlace>>>;

export interface ReadySteps {
  readonly steps: readonly ClaimedStep[];
  readonly taken: readonly TakenOfKind[];
}

/** Steps of one link and kind that were taken together. */
export interface TakenOfKind extends Link {
  readonly kind: StepKind;
  readonly count: number;
  /** Of the last one in the queue's order. */
  readonly last: QueuePlace;
}

/** Which clusters have work for which targets; $2 as `takeReadySteps` has it. */
const LIVE_LINKS = `
  select distinct c.cluster, t.target from run r
  join migration m on m.id = r.migration_id join run_target t on t.run_id = r.id and t.dispatched_at is not null
  cross join lateral (values (t.target), (m.source)) as c (cluster)
  where r.state = 'EXECUTING' and r.ended_at is null and ($2::text[] is null or c.cluster = any($2::text[]))`;

/** Links that are known need not be looked for: one that has no work has an empty queue. */
const KNOWN_LINKS = `select cluster, target from rooms where $2::text[] is null or cluster = any($2::text[])`;

/** What each link wants of each kind, and the place in the queue that it reads on from. */
const WANTED = `
  select w.kind, w.kind = any(room.quick) as is_quick, room.places + case when w.kind = any(room.quick) then room.ahead else 0 end as most,
    (room.after -> w.kind ->> 'position')::integer as position, (room.after -> w.kind ->> 'stepId')::uuid as step_id
  from unnest($3::text[]) as w (kind)`;

const rowsOfQueue = (where: string): string => `
  select * from (
    select q.ctid as place, q.position, q.step_id from ready_step q
    where q.cluster = room.cluster and q.target = room.target and q.kind = k.kind and ${where}
    order by q.position desc, q.step_id limit k.most for update skip locked) as part`;

const FROM_START = rowsOfQueue('true');

/**
 * Two ranges of the index, one behind the other: no condition on both columns would be one, as they are in opposite order. Of the second one
 * nothing is read, nor locked, where the first one was enough.
 */
const READ_ON = `
  ${rowsOfQueue('q.position = k.position and q.step_id > k.step_id')}
  union all ${rowsOfQueue('q.position < coalesce(k.position, 2147483647)')} limit k.most`;

/** Rows of the queue for the rooms: as many as a link has places, in the order of the queue, and more of the kinds that it wants ahead. */
const picked = (queue: string): string => `picked as (
     select p.place from room cross join lateral (
       select c.place, c.is_quick, row_number() over queue as number, count(*) filter (where c.is_quick) over queue as quick_number
       from (select r.place, r.position, r.step_id, k.is_quick from (${WANTED}) k cross join lateral (${queue}) r) c
       window queue as (order by c.position desc, c.step_id rows unbounded preceding)) p
     where p.number <= room.places or (p.is_quick and p.quick_number <= room.places + room.ahead))`;

/** Steps of a claim that are alike, with what they share said once. */
const TAKEN_STEPS = `select json_agg(json_build_array(run_id, target, database, key, kind, side, cluster, position, attempt, tries, ids, tables, payloads)) from (
          select run_id, target, database, key, kind, side, cluster, position, attempt, tries, array_agg(id)::text as ids,
            json_agg(table_name) as tables, json_agg(payload) as payloads
          from taken group by run_id, target, database, key, kind, side, cluster, position, attempt, tries) g`;

/**
 * READY steps are claimed: one row says so for all of them (`folded-claims.sql.ts`); rows another executor is taking are skipped. Each link of
 * a cluster to a target has a queue and places of its own. Later steps of a table go first, so that tables are finished one after another
 * instead of all at the end; of kinds that are wanted ahead there are more than places. All rows come as one text, which is a fifth of the
 * driver's work.
 */
export async function takeReadySteps(sql: Sql, request: ReadyClaim): Promise<ReadySteps> {
  const isReadOn = request.rooms?.some(({ after }) => after !== undefined) === true;
  const [taken] = await sql.rows<TakenSteps>(
    `with rooms as materialized (
       select * from jsonb_to_recordset($6::jsonb) as r (cluster text, target text, taken integer, ahead integer, quick text[], after jsonb)),
     links as (${request.isOfRooms === true ? KNOWN_LINKS : LIVE_LINKS}),
     room as (
       select l.cluster, l.target, greatest(0, $4 - coalesce(r.taken, 0)) as places, coalesce(r.ahead, 0) as ahead,
         coalesce(r.quick, '{}') as quick, r.after
       from links l left join rooms r using (cluster, target)),
     ${picked(isReadOn ? READ_ON : FROM_START)},
     unqueued as (delete from ready_step where ctid = any(array(select place from picked)) returning step_id),
     taken as materialized (
       select id, run_id, target, database, table_name, key, kind, side, cluster, payload, position, attempt + 1 as attempt, tries
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
  return taken === undefined ? { steps: [], taken: [] } : { steps: claimedSteps(taken), taken: taken.steps.map(ofKind) };
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
  [runId, target, database, key, kind, side, cluster, , attempt, tries, ids, tables, payloads]: AlikeSteps,
  { fence, spec }: Pick<ClaimedStep, 'fence' | 'spec'>,
): readonly ClaimedStep[] {
  return plainTexts(ids).map((stepId, index) => {
    const table = tables[index] ?? '';
    // A column of the same rows: it is not shorter.
    const payload = payloads[index] as ClaimedStep['payload'];
    const step = { stepId, runId, fence, target, database, key, kind, side, cluster, spec, attempt, tries, payload };
    return table === '' ? step : { ...step, table };
  });
}

function specOf(migration: MigrationSpec | undefined, target: string): MigrationSpec | undefined {
  return migration === undefined ? undefined : specOnTarget(migration, target);
}

/** Ids as text are in the order that Postgres has them in. */
function ofKind([, target, , , kind, , cluster, position, , , ids]: AlikeSteps): TakenOfKind {
  const stepIds = plainTexts(ids);
  const stepId = stepIds.reduce((last, id) => (id > last ? id : last));
  return { cluster, target, kind, count: stepIds.length, last: { position, stepId } };
}

/** What many steps share comes once. */
interface TakenSteps {
  readonly fence: string;
  readonly steps: readonly AlikeSteps[];
  readonly specs: Readonly<Record<string, MigrationSpec>>;
}

/** Steps that differ in what comes as columns; ids are an array as Postgres writes it. */
type AlikeSteps = readonly [
  runId: string,
  target: string,
  database: string,
  key: string,
  kind: StepKind,
  side: ClaimedStep['side'],
  cluster: string,
  position: number,
  attempt: number,
  tries: number,
  ids: string,
  tables: readonly string[],
  payloads: readonly unknown[],
];
