import { displayName } from '@hiveferry/core';
import type { TableState } from '@hiveferry/core';
import type { TableRecord } from '@hiveferry/ports';
import { expect } from 'vitest';
import type { TestStores } from './stores.ts';

export type TablesTold = ReadonlyMap<string, TableRecord>;

/** The tables of a run as its readers see them, by target and name; fails where its readers see different things. */
export async function tablesTold(stores: TestStores, runId: string): Promise<TablesTold> {
  const tables = await pagesOf(stores, runId);
  const run = await stores.runs.run(runId);
  for (const { target, tables: counts } of run?.targets ?? []) {
    const own = tables.filter((table) => table.target === target);
    expect(counts.byState, `counts of ${target}`).toEqual(countsOf(own));
    const streamed: TableRecord[] = [];
    for await (const { record } of stores.runs.tablesWithPlans(runId, target)) streamed.push(record);
    expect(streamed).toEqual(own);
  }
  for (const state of new Set(tables.map((table) => table.state)))
    expect(await pagesOf(stores, runId, state), `those that are ${state}`).toEqual(tables.filter((table) => table.state === state));
  for (const table of tables) expect(await stores.runs.table(runId, table.target, table.source)).toEqual(table);
  expectEventsOf(tables, await stateEvents(stores, runId));
  return new Map(tables.map((table) => [keyOf(table), table]));
}

/** A table runs from the event that says so to the next one. Of a table that is queued once more, or cancelled with its run, no event tells. */
function expectEventsOf(tables: readonly TableRecord[], told: ReadonlyMap<string, unknown>): void {
  for (const table of tables) {
    const { state, startedAt } = table;
    const last = told.get(keyOf(table));
    const message = `${keyOf(table)} is ${state}, and its last event said ${String(last)}`;
    if (state !== 'CANCELLED') expect(last === 'RUNNING', message).toBe(state === 'RUNNING');
    if (state === 'RUNNING' || state === 'VERIFIED' || last === 'RUNNING') expect(startedAt, message).toBeDefined();
  }
}

/** The last state that was told of each table; none is told twice in a row. */
async function stateEvents(stores: TestStores, runId: string): Promise<ReadonlyMap<string, unknown>> {
  const last = new Map<string, unknown>();
  for (const { type, data } of await stores.runs.events(runId, '0', 10_000)) {
    if (type !== 'table') continue;
    const { target, database, table, state } = data;
    const key = `${String(target)} ${String(database)}.${String(table)}`;
    expect(state, `what is told of ${key} once more`).not.toBe(last.get(key));
    last.set(key, state);
  }
  return last;
}

async function pagesOf(stores: TestStores, runId: string, state?: TableState): Promise<readonly TableRecord[]> {
  const found: TableRecord[] = [];
  for (let pageToken: string | undefined, isMore = true; isMore; isMore = pageToken !== undefined) {
    const page = await stores.runs.tables({ runId, pageSize: 100, ...(state && { state }), ...(pageToken !== undefined && { pageToken }) });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  }
  return found;
}

function countsOf(tables: readonly TableRecord[]): Readonly<Partial<Record<TableState, number>>> {
  return Object.fromEntries([...Map.groupBy(tables, ({ state }) => state)].map(([state, own]) => [state, own.length]));
}

const keyOf = ({ target, source }: TableRecord): string => `${target} ${displayName(source)}`;
