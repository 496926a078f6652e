import type { Failure, IdempotentAnswer, MigrationSpec, OperationRecord } from '@hiveferry/ports';
import { clusterIdentity } from './clusters.sql.ts';
import { stepStatesBefore, tableStatesBefore } from './moves.ts';
import type { Sql } from './sql.ts';

export async function insertMigration(sql: Sql, id: string, spec: MigrationSpec): Promise<void> {
  await sql.rows(`insert into migration (id, source, targets, spec) values ($1, $2, $3::text[], $4::jsonb)`, [
    id,
    spec.source,
    spec.targets,
    JSON.stringify(spec),
  ]);
}

/** The migration's lock numbers its runs without a gap. */
export async function lockMigration(sql: Sql, id: string): Promise<MigrationSpec | undefined> {
  const [row] = await sql.rows<{ spec: MigrationSpec }>(`select spec from migration where id = $1 for update`, [id]);
  return row?.spec;
}

export async function insertRun(
  sql: Sql,
  run: { readonly id: string; readonly migrationId: string; readonly executeAfterPlan: boolean },
): Promise<void> {
  await sql.rows(
    `insert into run (id, migration_id, number, state, execute_after_plan, clusters)
     select $1, $2, coalesce(max(number), 0) + 1, 'REQUESTED', $3,
       (select jsonb_object_agg(c.name, ${clusterIdentity}) from migration m join cluster c on c.name = m.source or c.name = any(m.targets)
        where m.id = $2)
     from run where migration_id = $2`,
    [run.id, run.migrationId, run.executeAfterPlan],
  );
}

export async function insertRunTargets(sql: Sql, runId: string, targets: readonly string[]): Promise<void> {
  await sql.rows(
    `insert into run_target (run_id, target, position, due_at)
     select $1, t.target, t.position, clock_timestamp() from unnest($2::text[]) with ordinality as t (target, position)`,
    [runId, targets],
  );
}

export async function insertOperation(
  sql: Sql,
  operation: Pick<OperationRecord, 'id' | 'kind' | 'migrationId' | 'runId' | 'done'>,
): Promise<OperationRecord> {
  const rows = await sql.rows<{ createdAt: Date }>(
    `insert into operation (id, kind, migration_id, run_id, done, ended_at) values ($1, $2, $3, $4, $5, case when $5 then now() end)
     returning created_at as "createdAt"`,
    [operation.id, operation.kind, operation.migrationId, operation.runId, operation.done],
  );
  const createdAt = (rows[0]?.createdAt ?? new Date(0)).toISOString();
  return { ...operation, createdAt, ...(operation.done && { endedAt: createdAt }) };
}

/** Tables that ended without proof are queued again. @returns how many */
export async function requeueTables(sql: Sql, runId: string, states: readonly string[]): Promise<number> {
  const rows = await sql.rows(
    `update run_table set state = 'QUEUED', failure = null, ended_at = null
     where run_id = $1 and state = any($2::text[]) and state = any($3::text[]) and decision = 'MIGRATE'
       and exists (select from step s where s.run_id = run_table.run_id and s.target = run_table.target
                   and s.database = run_table.database and s.table_name = run_table.table_name)
     returning table_name`,
    [runId, states, tableStatesBefore('QUEUED')],
  );
  return rows.length;
}

/** Steps of queued tables, and of their databases, that failed or never came to run. */
export async function blockUnfinishedSteps(sql: Sql, runId: string): Promise<void> {
  await sql.rows(
    `update step s set state = 'BLOCKED', tries = 0, failure = null, ended_at = null
     from run_table t where t.run_id = $1 and t.state = 'QUEUED' and s.run_id = t.run_id and s.target = t.target and s.database = t.database
       and s.table_name in ('', t.table_name) and s.state in ('FAILED', 'CANCELLED') and s.state = any($2::text[])`,
    [runId, stepStatesBefore('BLOCKED')],
  );
}

/**
 * Steps of these kinds of queued tables are to run again though they are DONE; the attempt that their rows told of is kept.
 *
 * @param kindsOfMoved more kinds, of tables that change their place: what is wrong with their copies keeps them where they are
 */
export async function blockFinishedSteps(
  sql: Sql,
  runId: string,
  { kinds, kindsOfMoved = [] }: { readonly kinds: readonly string[]; readonly kindsOfMoved?: readonly string[] },
): Promise<void> {
  await sql.rows(
    `with finished as (
       select s.* from step s join run_table t on t.run_id = s.run_id and t.target = s.target and t.database = s.database and t.table_name = s.table_name
       where s.run_id = $1 and t.state = 'QUEUED' and s.state = any($3::text[])
         and (s.kind = any($2::text[]) or (s.kind = any($4::text[]) and t.plan ? 'relocation'))),
     kept as (
       insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, started_at, ended_at)
       select id, fence, attempt, lease_owner, state, result, started_at, ended_at from finished where state = 'DONE')
     update step s set state = 'BLOCKED', tries = 0, failure = null, ended_at = null from finished f
     where s.id = f.id and s.state = f.state`,
    [runId, kinds, stepStatesBefore('BLOCKED'), kindsOfMoved],
  );
}

export interface TargetToApprove {
  readonly target: string;
  readonly planHash: string | null;
  readonly isApproved: boolean;
  /** Why it has no plan. */
  readonly failure: Failure | null;
}

export async function targetsToApprove(sql: Sql, runId: string): Promise<readonly TargetToApprove[]> {
  return sql.rows(
    `select target, plan_hash as "planHash", approved_at is not null as "isApproved", failure
     from run_target where run_id = $1 order by position`,
    [runId],
  );
}

/** Until the transaction ends. @returns false when another has it */
export async function lockKey(sql: Sql, key: string): Promise<boolean> {
  const [row] = await sql.rows<{ locked: boolean }>(`select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked`, [key]);
  return row?.locked === true;
}

/** @returns true when the key is ours now */
export async function reserveKey(sql: Sql, key: string, requestHash: string): Promise<boolean> {
  const rows = await sql.rows(
    `insert into idempotency_key (key, request_hash) values ($1, $2) on conflict (key) do nothing returning key`,
    [key, requestHash],
  );
  return rows.length > 0;
}

export async function keptKey(
  sql: Sql,
  key: string,
): Promise<{ readonly requestHash: string; readonly answer: IdempotentAnswer | null } | undefined> {
  const [row] = await sql.rows<{ requestHash: string; answer: IdempotentAnswer | null }>(
    `select request_hash as "requestHash", answer from idempotency_key where key = $1`,
    [key],
  );
  return row;
}

export async function keepAnswer(sql: Sql, key: string, answer: IdempotentAnswer): Promise<void> {
  await sql.rows(`update idempotency_key set answer = $2::jsonb where key = $1`, [key, JSON.stringify(answer)]);
}

export async function deleteUnansweredKey(sql: Sql, key: string): Promise<void> {
  await sql.rows(`delete from idempotency_key where key = $1 and answer is null`, [key]);
}
