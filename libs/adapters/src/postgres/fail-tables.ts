import type { Failure } from '@hiveferry/ports';
import type { NewEvent } from './events.sql.ts';
import type { Sql } from './sql.ts';
import type { StepPlace } from './step-claim.sql.ts';
import { tableEvent } from './step-events.ts';
import { cancelWhatNeeds, failTables } from './step-graph.sql.ts';
import type { TableKey } from './step-graph.sql.ts';

/** A step is given up for good: its table fails, and so do those that need it. */
export async function failTablesOf(
  sql: Sql,
  runId: string,
  { place, failure }: { readonly place: StepPlace; readonly failure: Failure },
): Promise<readonly NewEvent[]> {
  const hit = await cancelWhatNeeds(sql, runId, place.id);
  const isOwn = (key: TableKey): boolean =>
    key.target === place.target && key.database === place.database && key.tableName === place.tableName;
  const subject = place.tableName === '' ? `database ${place.database}` : `${place.database}.${place.tableName}`;
  const message = `${subject} failed, and this needs it: ${failure.code}: ${failure.message}`;
  const dependants = {
    tables: hit.filter((key) => !isOwn(key) && key.tableName !== ''),
    failure: { code: 'DEPENDENCY_FAILED', message, retry: failure.retry },
  };
  const own = await failTables(sql, runId, { tables: [place], failure });
  const others = await failTables(sql, runId, dependants);
  return [
    ...own.map((key) => tableEvent(key, { state: 'FAILED', failure })),
    ...others.map((key) => tableEvent(key, { state: 'FAILED', failure: dependants.failure })),
  ];
}
