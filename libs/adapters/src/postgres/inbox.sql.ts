import { LAZY_COMMIT, plainArray } from './sql.ts';
import type { Sql } from './sql.ts';

/** Deliveries to one consumer are remembered one after the other, so that of two that bring the same message one knows the other's. */
export async function lockInbox(sql: Sql, consumer: string): Promise<void> {
  await sql.rows(`select pg_advisory_xact_lock(hashtextextended('inbox of ' || $1, 0))`, [consumer]);
}

/**
 * Remembers messages in one row. A known one is found in the rows whose ids lie around it: ids begin with their time, so these are few.
 * A crash of Postgres may lose this: a double is accepted then, and wakes once more.
 *
 * @param ids in order, none of them twice
 * @returns those that are new
 */
export async function insertReceived(sql: Sql, consumer: string, ids: readonly string[]): Promise<readonly string[]> {
  const [row] = await sql.rows<{ ids: readonly string[] | null }>(
    `with lazy as materialized (select ${LAZY_COMMIT}),
     received as materialized (select id from unnest($2::uuid[]) as r (id)),
     known as materialized (
       select k.id from inbox i cross join lateral unnest(i.ids) as k (id)
       where i.consumer = $1 and i.last_id >= $3 and i.first_id <= $4),
     fresh as (select array_agg(id order by id) as ids from received where id not in (select id from known))
     insert into inbox (consumer, first_id, last_id, ids)
     select $1, ids[1], ids[cardinality(ids)], ids from lazy, fresh where ids is not null
     returning case when cardinality(ids) < $5 then ids end as ids`,
    [consumer, plainArray(ids), ids[0], ids.at(-1), ids.length],
  );
  if (row === undefined) return [];
  // Mostly all of them are: then they need not come back.
  return row.ids ?? ids;
}

export async function deleteReceived(sql: Sql, olderThanMs: number): Promise<void> {
  await sql.rows(`delete from inbox where received_at < now() - $1 * interval '1 millisecond'`, [olderThanMs]);
}
