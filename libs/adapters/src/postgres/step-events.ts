import type { Failure } from '@hiveferry/ports';
import type { NewEvent } from './events.sql.ts';
import type { StepPlace } from './step-claim.sql.ts';
import type { TableKey } from './step-graph.sql.ts';

export function stepEvent(place: StepPlace, state: string, failure?: Failure): NewEvent {
  const { target, database, tableName, key, kind, attempt } = place;
  return { type: 'step', data: { target, database, table: tableName, key, kind, attempt, state, ...(failure && { failure }) } };
}

export function tableEvent({ target, database, tableName }: TableKey, change: Readonly<Record<string, unknown>>): NewEvent {
  return { type: 'table', data: { target, database, table: tableName, ...change } };
}
