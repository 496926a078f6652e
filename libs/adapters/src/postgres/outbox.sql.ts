import { DEAD_LETTER_TOPIC, RUNS_TOPIC } from '@hiveferry/contracts';
import type { BusMessage, Failure, HeldTopic, Ids, RelayScope } from '@hiveferry/ports';
import { rowOf, taskRows } from './outbox-rows.ts';
import type { OutboxRow, ReadyStep } from './outbox-rows.ts';
import { LAZY_COMMIT, plainArray } from './sql.ts';
import type { Sql } from './sql.ts';

/** What a relay reads at a time, and holds until the bus has it: a send or two to Kafka, which also a slow one takes in its time. */
const RELAYED_BYTES = 300_000;
const RELAYED_MESSAGES = 1_000;

export const readyStepColumns = `s.id, s.run_id as "runId", s.target, s.database, s.table_name as "tableName", s.kind, s.cluster`;

export async function announceSteps(sql: Sql, steps: readonly ReadyStep[], ids: Ids): Promise<void> {
  await insertRows(sql, taskRows(steps, ids));
}

export async function announceRun(
  sql: Sql,
  type: 'run.requested' | 'run.approved' | 'run.cancelled',
  { runId, ids }: { runId: string; ids: Ids },
): Promise<void> {
  await insertRows(sql, [rowOf(RUNS_TOPIC, { type, version: 1, id: ids.next(), runId, key: runId })]);
}

/** A dead letter for those who read topics: the row in the table is the truth, as everywhere. */
export async function addDeadLetterMessage(sql: Sql, letter: Readonly<Record<string, string | null>> & { topic: string }): Promise<void> {
  await sql.rows(
    `insert into outbox (id, topic, key, value, headers)
     values (gen_random_uuid(), $1, $2, $3, '{"type": "dead-letter", "version": "1"}'::jsonb)`,
    [DEAD_LETTER_TOPIC, letter.topic, JSON.stringify(letter)],
  );
}

/**
 * Topics of the oldest messages, as far as no other relay is at them. A topic belongs to a relay until its transaction ends: then messages go out
 * in order of each key, whoever relays them.
 */
export async function lockTopics(
  sql: Sql,
  { without = [], only, from }: RelayScope & { readonly from: number },
): Promise<readonly string[]> {
  const rows = await sql.rows<{ topic: string }>(
    `with topics as materialized (
       select distinct topic from (
         select topic from outbox
         where sequence >= $4 and topic <> all($2::text[]) and ($3::text is null or topic = $3) order by sequence limit $1) oldest)
     select topic from topics where pg_try_advisory_xact_lock(hashtextextended('outbox of ' || topic, 0))`,
    [RELAYED_MESSAGES, without, only ?? null, from],
  );
  return rows.map(({ topic }) => topic);
}

/**
 * The oldest messages of these topics: one at least, and no more when they come to what a relay reads at a time. To be asked after the
 * topics are locked, so that what another relay published is gone.
 */
export async function oldestOf(
  sql: Sql,
  { topics, from }: { readonly topics: readonly string[]; readonly from: number },
): Promise<readonly (BusMessage & { readonly sequence: string })[]> {
  return sql.rows(
    `select sequence, topic, key, value, headers from (
       select *, sum(octet_length(value)) over (order by sequence) as through from (
         select * from outbox where sequence >= $3 and topic = any($2::text[]) order by sequence limit $1) oldest) messages
     where through - octet_length(value) < $4 order by sequence`,
    [RELAYED_MESSAGES, topics, from, RELAYED_BYTES],
  );
}

/** @returns the number of the first message at or after one that is of no held topic; when all are, that of the last */
export async function firstOpen(sql: Sql, { held, from }: { readonly held: readonly string[]; readonly from: number }): Promise<number> {
  const [row] = await sql.rows<{ first: string | null }>(
    `select coalesce(
       (select sequence from outbox where sequence >= $2 and topic <> all($1::text[]) order by sequence limit 1),
       (select max(sequence) from outbox)) as first`,
    [held, from],
  );
  return Number(row?.first ?? 0);
}

/** A crash of Postgres may lose this: the messages are published again then, and the inboxes know them. */
export async function deletePublished(sql: Sql, sequences: readonly string[]): Promise<void> {
  await sql.rows(
    `with lazy as materialized (select ${LAZY_COMMIT})
     delete from outbox using lazy where sequence = any($1::bigint[])`,
    [plainArray(sequences)],
  );
}

/** Since when stays what it was. */
export async function upsertHeldTopic(sql: Sql, topic: string, failure: Failure): Promise<void> {
  await sql.rows(
    `insert into held_topic (topic, failure) values ($1, $2::jsonb) on conflict (topic) do update set failure = excluded.failure`,
    [topic, JSON.stringify(failure)],
  );
}

export async function deleteHeldTopic(sql: Sql, topic: string): Promise<void> {
  await sql.rows(`delete from held_topic where topic = $1`, [topic]);
}

export async function allHeldTopics(sql: Sql): Promise<readonly HeldTopic[]> {
  const rows = await sql.rows<Omit<HeldTopic, 'since'> & { since: Date }>(`select topic, failure, since from held_topic order by topic`);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

export async function hasMessages(sql: Sql, topic: string): Promise<boolean> {
  const rows = await sql.rows(`select sequence from outbox where topic = $1 limit 1`, [topic]);
  return rows.length > 0;
}

async function insertRows(sql: Sql, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.rows(
    `insert into outbox (id, topic, key, value, headers)
     select m.id, m.topic, m.key, m.value, m.headers
     from jsonb_to_recordset($1::jsonb) as m (id uuid, topic text, key text, value text, headers jsonb)`,
    [JSON.stringify(rows)],
  );
}
