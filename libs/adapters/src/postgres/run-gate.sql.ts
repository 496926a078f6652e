import type { Sql } from './sql.ts';

/**
 * The gate of a run, before its lock. Reports pass it side by side, write what is their steps' own, and only then lock the run; whoever else
 * locks a run passes its gate alone: then no report has steps or tables of it half written. It is fair: who waits to pass alone lets no later
 * report in before him. Always the first lock of a transaction that is about a run.
 */
const GATE = `hashtextextended('run ' || ($1::uuid)::text, 0)`;

/** Part of a statement about run $1: true when its gate is passed, alone. */
export const throughGate = `(select true from pg_advisory_xact_lock(${GATE}))`;

/** Passes a run's gate beside other reports. */
export async function enterRun(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`select pg_advisory_xact_lock_shared(${GATE})`, [runId]);
}
