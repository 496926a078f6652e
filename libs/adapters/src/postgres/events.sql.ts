import type { RunEvent } from '@hiveferry/ports';
import type { Sql } from './sql.ts';

export type NewEvent = Pick<RunEvent, 'type' | 'data'>;

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

export async function eventsAfter(
  sql: Sql,
  runId: string,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly RunEvent[]> {
  const rows = await sql.rows<{ sequence: string; at: Date; type: RunEvent['type']; data: RunEvent['data'] }>(
    `select sequence, at, type, data from run_event where run_id = $1 and sequence > $2 order by sequence limit $3`,
    [runId, page.after, page.limit],
  );
  return rows.map(({ sequence, at, type, data }) => ({ sequence, runId, at: at.toISOString(), type, data }));
}
