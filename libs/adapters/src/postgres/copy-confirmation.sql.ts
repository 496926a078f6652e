import type { ConfirmedCopy, CopyConfirmationRequest } from '@hiveferry/ports';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox-rows.ts';
import { queued } from './ready-queue.sql.ts';
import type { Sql } from './sql.ts';

/** Notes in the steps themselves that their files are there, whatever state they are in. */
export async function confirmAwaitedCopies(
  sql: Sql,
  { runId, target, tables }: CopyConfirmationRequest,
): Promise<readonly ConfirmedCopy[]> {
  const rows = await sql.rows<{ target: string; database: string; table: string }>(
    `update step s set payload = s.payload || '{"confirmed": true}'::jsonb
     where s.run_id = $1 and s.kind = 'await-copy' and ($2::text is null or s.target = $2)
       and ($3::jsonb is null or exists (select from jsonb_to_recordset($3::jsonb) as k (database text, "table" text)
                                         where k.database = s.database and k."table" = s.table_name))
     returning s.target, s.database, s.table_name as "table"`,
    [runId, target ?? null, tables === undefined ? null : JSON.stringify(tables)],
  );
  return rows.map(({ target: on, database, table }) => ({ target: on, source: { database, table } }));
}

/** Steps that wait for files which are said to be there. One that runs now is found when it reports. */
export async function readyConfirmedCopies(sql: Sql, runId: string): Promise<readonly ReadyStep[]> {
  return sql.rows(
    `with ready as (
     update step s set state = 'READY', available_at = clock_timestamp(), announced_at = clock_timestamp()
     where s.run_id = $1 and s.kind = 'await-copy' and s.state = 'WAITING' and s.waits_until is not null and s.payload ->> 'confirmed' = 'true'
     returning s.*),
     ${queued('ready')}
     select ${readyStepColumns} from ready s`,
    [runId],
  );
}
