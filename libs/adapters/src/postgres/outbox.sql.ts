import { DEAD_LETTER_TOPIC, RUNS_TOPIC, headersOf, taskKindOf, tasksTopic } from '@hiveferry/contracts';
import type { Message } from '@hiveferry/contracts';
import type { StepKind } from '@hiveferry/core';
import type { BusMessage, Failure, HeldTopic, Ids, RelayScope } from '@hiveferry/ports';
import { LAZY_COMMIT, plainArray } from './sql.ts';
import type { Sql } from './sql.ts';

/** A step to be announced to the executors of its cluster. */
export interface ReadyStep {
  readonly id: string;
  readonly runId: string;
  readonly target: string;
  readonly database: string;
  readonly tableName: string;
  readonly kind: StepKind;
  readonly cluster: string;
}

export const readyStepColumns = `s.id, s.run_id as "runId", s.target, s.database, s.table_name as "tableName", s.kind, s.cluster`;

export async function announceSteps(sql: Sql, steps: readonly ReadyStep[], ids: Ids): Promise<void> {
  await insertMessages(
    sql,
    steps.map((step) => ({ topic: tasksTopic(step.cluster, taskKindOf(step.kind)), message: taskMessage(step, ids) })),
  );
}

export async function announceRun(
  sql: Sql,
  type: 'run.requested' | 'run.approved' | 'run.cancelled',
  { runId, ids }: { runId: string; ids: Ids },
): Promise<void> {
  await insertMessages(sql, [{ topic: RUNS_TOPIC, message: { type, version: 1, id: ids.next(), runId, key: runId } }]);
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
 * Rows that are locked by another relay are skipped, and so is all that comes after them for their key. An array, so that each row is
 * looked up by its number whatever Postgres knows about a table that is empty most of the time: a join took ten seconds for 20,000.
 */
export async function lockOldestOfEachKey(
  sql: Sql,
  limit: number,
  { without = [], only, from }: RelayScope & { readonly from: number },
): Promise<readonly (BusMessage & { readonly sequence: string })[]> {
  return sql.rows(
    `select o.sequence, o.topic, o.key, o.value, o.headers from outbox o
     where o.sequence = any(array(
       select min(c.sequence) from (
         select sequence, topic, key from outbox
         where sequence >= $4 and topic <> all($2::text[]) and ($3::text is null or topic = $3) order by sequence limit $1) c
       group by c.topic, c.key))
     order by o.sequence for update skip locked`,
    [limit, without, only ?? null, from],
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

async function insertMessages(sql: Sql, messages: readonly { readonly topic: string; readonly message: Message }[]): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map(({ topic, message }) => ({
    id: message.id,
    topic,
    key: message.key,
    value: JSON.stringify(message),
    headers: headersOf(message),
  }));
  await sql.rows(
    `insert into outbox (id, topic, key, value, headers)
     select m.id, m.topic, m.key, m.value, m.headers
     from jsonb_to_recordset($1::jsonb) as m (id uuid, topic text, key text, value text, headers jsonb)`,
    [JSON.stringify(rows)],
  );
}

function taskMessage(step: ReadyStep, ids: Ids): Message {
  const subject = step.tableName === '' ? step.database : `${step.database}.${step.tableName}`;
  const base = { version: 1, id: ids.next(), runId: step.runId, key: `${step.runId}/${step.target}/${subject}` } as const;
  const task = { ...base, stepId: step.id, cluster: step.cluster, subject };
  if (step.kind === 'copy') return { type: 'task.distcp', ...task, step: step.kind };
  return { type: 'task.translation', ...task, step: step.kind };
}
