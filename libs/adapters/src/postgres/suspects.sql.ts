import type { Sql } from './sql.ts';

/** Who takes a run or target, and which: suspects, others, or either. */
export interface PlannerRequest {
  readonly owner: string;
  readonly leaseMs: number;
  readonly isSuspect?: boolean | undefined;
}

/** Of a run or target that nobody holds: its last planner did not give it back, so it has died. */
export const isSuspectOf = (held: string): string => `(${held}.lease_owner is not null)`;

export async function hasSuspects(sql: Sql): Promise<boolean> {
  const [row] = await sql.rows<{ found: boolean }>(
    `select exists (
       select from run r
       where r.ended_at is null and r.lease_until < clock_timestamp() and r.state in ('REQUESTED', 'PLANNING') and ${isSuspectOf('r')})
     or exists (
       select from run_target t join run r on r.id = t.run_id
       where t.due_at <= clock_timestamp() and t.lease_until < clock_timestamp() and r.state in ('PLANNED', 'EXECUTING')
         and ${isSuspectOf('t')}) as found`,
  );
  return row?.found ?? false;
}
