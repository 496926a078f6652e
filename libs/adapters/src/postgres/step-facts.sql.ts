import type { Evidence, Measurement, StepKind, TablePlan } from '@hiveferry/core';
import type { StepLease, TableOfStep } from '@hiveferry/ports';
import type { StepPlace } from './step-claim.sql.ts';
import type { Sql } from './sql.ts';

export async function putMeasurement(sql: Sql, lease: StepLease, measurement: Measurement): Promise<void> {
  await sql.rows(
    `insert into measurement (step_id, side, facts) select id, side, $2::jsonb from step where id = $1
     on conflict (step_id) do update set facts = excluded.facts, measured_at = clock_timestamp()`,
    [lease.stepId, JSON.stringify(measurement)],
  );
}

/** Appended, never changed: the latest is the one that is shown. */
export async function appendEvidence(
  sql: Sql,
  lease: StepLease,
  { place, evidence }: { readonly place: StepPlace; readonly evidence: Evidence },
): Promise<void> {
  await sql.rows(
    `insert into evidence (run_id, target, database, table_name, step_id, fence, verdict, facts)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
    [lease.runId, place.target, place.database, place.tableName, lease.stepId, lease.fence, evidence.verdict, JSON.stringify(evidence)],
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

export async function measurementsOf(
  sql: Sql,
  table: TableOfStep,
): Promise<readonly { readonly side: 'source' | 'target'; readonly facts: Measurement }[]> {
  return sql.rows(
    `select m.side, m.facts from measurement m join step s on s.id = m.step_id
     where s.run_id = $1 and s.target = $2 and s.database = $3 and s.table_name = $4`,
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
