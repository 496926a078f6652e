import type { Evidence, Measurement, StepKind, TablePlan } from '@hiveferry/core';
import type { TableOfStep } from '@hiveferry/ports';
import { unfold } from './folded-claims.sql.ts';
import type { Sql } from './sql.ts';
import type { TableEnd } from './step-graph.sql.ts';

export interface MeasuredStep {
  readonly stepId: string;
  readonly measurement: Measurement;
}

export async function putMeasurements(sql: Sql, measured: readonly MeasuredStep[]): Promise<void> {
  if (measured.length === 0) return;
  await sql.rows(
    `insert into measurement (step_id, side, facts)
     select s.id, s.side, m.measurement from jsonb_to_recordset($1::jsonb) as m ("stepId" uuid, measurement jsonb) join step s on s.id = m."stepId"
     on conflict (step_id) do update set facts = excluded.facts, measured_at = clock_timestamp()`,
    [JSON.stringify(measured)],
  );
}

export interface Proof {
  readonly claim: { readonly id: string; readonly fence: string };
  readonly evidence: Evidence;
}

/** Appended, never changed: the latest is the one that is shown. @returns the tables that it is about, and what it says */
export async function appendEvidence(sql: Sql, proofs: readonly Proof[]): Promise<readonly TableEnd[]> {
  if (proofs.length === 0) return [];
  const rows = proofs.map(({ claim: { id, fence }, evidence }) => ({ id, fence, facts: evidence }));
  return sql.rows(
    `insert into evidence (run_id, target, database, table_name, step_id, fence, verdict, facts)
     select s.run_id, s.target, s.database, s.table_name, e.id, e.fence, e.facts ->> 'verdict', e.facts
     from jsonb_to_recordset($1::jsonb) as e (id uuid, fence bigint, facts jsonb) join step s on s.id = e.id
     returning target, database, table_name as "tableName", verdict as state`,
    [JSON.stringify(rows)],
  );
}

export async function planOf(sql: Sql, table: TableOfStep): Promise<{ readonly plan: TablePlan; readonly tableHash: string } | undefined> {
  const [row] = await sql.rows<{ plan: TablePlan; tableHash: string }>(
    `select plan, table_hash as "tableHash" from run_table
     where run_id = $1 and target = $2 and database = $3 and table_name = $4 and plan is not null`,
    keyOf(table),
  );
  return row;
}

/** Those that asked before. One whose executor died counts until its lease has ended: what it began may run. */
export async function runningCopiesBefore(sql: Sql, stepId: string): Promise<number> {
  await unfold(sql, { stepId });
  await beginCopy(sql, stepId);
  const [row] = await sql.rows<{ count: number }>(
    `select count(*)::integer as count from step s join step_claim c on c.id = s.claim_id join step me on me.id = $1
     where s.id = any(array(select distinct unnest(steps) from step_claim)) and s.state = 'RUNNING' and s.kind = 'copy'
       and s.run_id = me.run_id and s.target = me.target and s.started_at > c.claimed_at and (s.started_at, s.id) < (me.started_at, me.id)`,
    [stepId],
  );
  return row?.count ?? 0;
}

/**
 * A copy that asks begins later than it was claimed, which tells it from those that did not ask yet. Claims may be committed in another
 * order than they were made; under this lock those that ask are committed in the order in which they begin.
 */
async function beginCopy(sql: Sql, stepId: string): Promise<void> {
  await sql.rows(
    `with turn as materialized (
       select c.claimed_at, pg_advisory_xact_lock(hashtextextended('copies of ' || s.run_id || ' to ' || s.target, 0))
       from step s join step_claim c on c.id = s.claim_id where s.id = $1)
     update step s set started_at = clock_timestamp() from turn where s.id = $1 and s.state = 'RUNNING' and s.started_at = turn.claimed_at`,
    [stepId],
  );
}

/** A side that is measured in two parts has two rows: the later one comes last, and holds what the earlier one found. */
export async function measurementsOf(
  sql: Sql,
  table: TableOfStep,
): Promise<readonly { readonly side: 'source' | 'target'; readonly facts: Measurement }[]> {
  return sql.rows(
    `select m.side, m.facts from measurement m join step s on s.id = m.step_id
     where s.run_id = $1 and s.target = $2 and s.database = $3 and s.table_name = $4
     order by m.facts ->> 'measuredAt'`,
    keyOf(table),
  );
}

export async function resultsOf(
  sql: Sql,
  table: TableOfStep,
  kind: StepKind,
): Promise<readonly { readonly key: string; readonly result: Readonly<Record<string, unknown>> }[]> {
  return sql.rows(
    `select key, result from step
     where run_id = $1 and target = $2 and database = $3 and table_name = $4 and kind = $5 and state = 'DONE' and result is not null`,
    [...keyOf(table), kind],
  );
}

function keyOf({ runId, target, source }: TableOfStep): readonly string[] {
  return [runId, target, source.database, source.table];
}
