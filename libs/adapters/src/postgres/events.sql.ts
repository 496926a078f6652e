import type { StepState, TableState } from '@hiveferry/core';
import type { RunEvent } from '@hiveferry/ports';
import { plainArray } from './sql.ts';
import { StepLists } from './step-lists.ts';
import type { MovedStep } from './step-lists.ts';
import type { Sql } from './sql.ts';

export type NewEvent = Pick<RunEvent, 'type' | 'data'>;

/** Steps, or the tables of these steps, that came to a state together. */
export type Moves =
  | { readonly type: 'step'; readonly state: StepState; readonly steps: readonly MovedStep[] }
  | { readonly type: 'table'; readonly state: TableState; readonly steps: readonly MovedStep[] };

/** Writes events of one run and tells its listeners at commit; the caller holds the run's lock, so that sequences are committed in order. */
export async function appendEvents(sql: Sql, runId: string, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql.rows(
    `with told as materialized (select pg_notify('hiveferry_event', ($1::uuid)::text))
     insert into run_event (run_id, type, data)
     select $1::uuid, e.type, e.data from told, jsonb_to_recordset($2::jsonb) as e (type text, data jsonb)`,
    [runId, JSON.stringify(events)],
  );
}

/** Asked in the same statement: columns about run $1 and these steps, whose ids are `(select ids from asked)`. */
export interface Question {
  readonly columns: string;
  readonly steps: readonly MovedStep[];
}

/**
 * As `appendEvents`, an event for each step or table, but one row for all that came to the same state. The row has the sequence of its
 * last event; the others have those before it, which nobody else of the run can have, since its lock is held.
 *
 * @returns what is asked
 */
export async function appendMoves<R extends object>(
  sql: Sql,
  runId: string,
  { moves, question }: { readonly moves: readonly Moves[]; readonly question: Question },
): Promise<R | undefined> {
  const some = moves.filter(({ steps }) => steps.length > 0);
  const lists = new StepLists();
  // Lists of steps first: where tables have the same one, nobody reads its attempts.
  const byType = new Map(some.toSorted((a, b) => a.type.localeCompare(b.type)).map((move) => [move, lists.sliceOf(move.steps)]));
  const slices = some.map((move) => byType.get(move) ?? lists.sliceOf(move.steps));
  const asked = lists.sliceOf(question.steps);
  const [answer] = await sql.rows<R>(
    `with told as materialized (select pg_notify('hiveferry_event', ($1::uuid)::text)),
     moved as (select * from unnest($2::text[], $3::text[], $4::integer[], $5::integer[]) as m (type, state, first, last)),
     added as (
       insert into run_event (run_id, sequence, type, data, steps, attempts) overriding system value
       select $1::uuid, (select max(nextval('run_event_sequence_seq')) from generate_series(m.first, m.last)),
         m.type, jsonb_build_object('state', m.state), ($6::uuid[])[m.first:m.last], ($7::integer[])[m.first:m.last]
       from told, moved m),
     asked as materialized (select ($6::uuid[])[$8::integer:$9::integer] as ids)
     select ${question.columns}`,
    [
      runId,
      some.map(({ type }) => type),
      some.map(({ state }) => state),
      slices.map(({ first }) => first),
      slices.map(({ last }) => last),
      plainArray(lists.steps.map(({ id }) => id)),
      plainArray(lists.steps.map(({ attempt }) => attempt)),
      asked.first,
      asked.last,
    ],
  );
  return answer;
}

/** Rows that hold many events are read only as far as the page goes. */
export async function eventsAfter(
  sql: Sql,
  runId: string,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly RunEvent[]> {
  const rows = await sql.rows<{ sequence: string; at: Date; type: RunEvent['type']; data: RunEvent['data'] }>(
    `with held as (
       select sequence, at, type, data, steps, attempts, least(coalesce(cardinality(steps), 1), sequence - $2::bigint) as count
       from run_event where run_id = $1 and sequence > $2 order by sequence limit $3),
     wanted as (select *, sum(count) over (order by sequence) - count as before from held)
     select e.sequence, w.at, w.type, e.data
     from wanted w cross join lateral (
       select w.sequence, w.data where w.steps is null
       union all
       select w.sequence - cardinality(w.steps) + m.number, jsonb_build_object('target', s.target, 'database', s.database,
         'table', s.table_name) || w.data || case w.type when 'table' then '{}' else
         jsonb_build_object('key', s.key, 'kind', s.kind, 'attempt', m.attempt) end
       from unnest(w.steps, w.attempts) with ordinality as m (id, attempt, number) join step s on s.id = m.id) e
     where w.before < $3 and e.sequence > $2 order by e.sequence limit $3`,
    [runId, page.after, page.limit],
  );
  return rows.map(({ sequence, at, type, data }) => ({ sequence, runId, at: at.toISOString(), type, data }));
}
