import { createHash } from 'node:crypto';
import {
  displayName,
  issue,
  parseLocation,
  planDatabase,
  planTable,
  refusePlan,
  refuseUnknownStores,
  tableHash,
  targetDatabase,
} from '@hiveferry/core';
import type { Database, Issue, Neighbour, PlanSettings, TableInput, TablePlan } from '@hiveferry/core';
import { failureOf } from '@hiveferry/platform';
import type { Failure, PlannedTable, PlanningPlace, TableRange } from '@hiveferry/ports';
import { isOutage, readPartitions, readTables } from './read-tables.ts';
import type { ReadTable } from './read-tables.ts';
import { withoutOccupied } from './refuse-occupied.ts';
import type { PlanContext } from './take-inventory.ts';
import type { Unseen } from './surroundings.ts';
import { standingTable, tablesOnTarget } from './standing-tables.ts';
import type { StandingTable, TablesThere } from './standing-tables.ts';
import type { Answer, TargetPart, TargetParts } from './target-parts.ts';

const TABLES_A_PAGE = 100;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface TablesToPlan extends PlanContext {
  readonly targets: TargetParts;
  readonly isSelected: (table: string) => boolean;
  /** How long targets wait for one of them at each page. */
  readonly patienceMs: number;
  /** Tables of other databases that are looked at, where the request sets no other bound. */
  readonly lookAroundTables: number;
}

/**
 * Plans one range of tables for every target: the source is read once, in pages; memory holds one page.
 *
 * @param onPage told of each page before it is planned
 */
export async function planRange(context: TablesToPlan, range: TableRange, onPage: (place: PlanningPlace) => Promise<void>): Promise<void> {
  let { after } = range;
  for (;;) {
    const names = await context.store.inventoryNames(context.run.runId, { ...range, after }, TABLES_A_PAGE);
    const last = names.at(-1);
    if (last === undefined) return;
    context.guard.check();
    await onPage({ database: range.database, from: names[0] ?? last, through: last });
    await planPage(context, { database: range.database, names: names.filter(context.isSelected) });
    after = last;
  }
}

interface TablePage {
  readonly database: string;
  readonly names: readonly string[];
}

/** What was found out beforehand about databases as a whole. */
interface KnownBefore {
  readonly unseen: Unseen;
  /** Issues by target and database. */
  readonly notes: ReadonlyMap<string, ReadonlyMap<string, Issue>>;
}

export async function planDatabaseOf(context: TablesToPlan, database: string, { unseen, notes }: KnownBefore): Promise<void> {
  const { run, store, source } = context;
  const found = await source.metastore.database(database);
  if (found === undefined) return;
  const functions = await source.metastore.functionNames(database);
  const standing = await ask(context, ({ client, settings }) => client.metastore.database(targetDatabase(database, settings)));
  for (const { part, answer } of standing) {
    const clusters = { source: source.facts, target: part.client.facts };
    const plan = planDatabase({
      source: found,
      functions,
      clusters,
      settings: part.settings,
      ...(answer !== undefined && { target: answer }),
    });
    const note = notes.get(part.name)?.get(database);
    const issues = [...plan.issues, ...(unseen.get(part.name) ?? []), ...(note === undefined ? [] : [note])];
    await store.putDatabasePlan(run, part.name, { ...plan, issues });
  }
}

/** Plans one page of one database's tables: each is read once, whatever the number of targets. */
async function planPage(context: TablesToPlan, { database, names }: TablePage): Promise<void> {
  if (names.length === 0) return;
  const read = await readTables(context.source.metastore, database, names);
  const neighbours = await context.store.neighbours(
    context.run.runId,
    read.flatMap((each) => asNeighbour(each, { database, context })),
  );
  const targets = await ask(context, (part) => tablesOnTarget(part, { database, names }));
  const there = new Map(targets.map(({ part, answer }) => [part.name, answer]));
  const planned = new Map(targets.map(({ part }) => [part.name, [] as PlannedTable[]]));
  for (const each of read) {
    const around = neighbours.get(displayName({ database, table: each.name })) ?? [];
    const plans = await planOne(context, { database, read: each, neighbours: around, there });
    for (const { target, plan } of plans) planned.get(target)?.push(plan);
  }
  for (const { name } of context.targets.active) {
    const tables = await withoutOccupied({ store: context.store, runId: context.run.runId, target: name }, planned.get(name) ?? [], hashed);
    await context.store.putTablePlans(context.run, name, tables);
  }
}

/** A target that is alone keeps nobody waiting. */
function ask<T>({ targets, patienceMs }: TablesToPlan, question: (part: TargetPart) => Promise<T>): Promise<readonly Answer<T>[]> {
  return targets.ask(question, targets.active.length > 1 ? patienceMs : undefined);
}

interface OneTable {
  readonly database: string;
  readonly read: ReadTable;
  readonly neighbours: readonly Neighbour[];
  /** What stands on each target. */
  readonly there: ReadonlyMap<string, TablesThere>;
}

interface PlannedOn {
  readonly target: string;
  readonly plan: PlannedTable;
}

/** One plan for each target that still takes part. What goes wrong with a table stays with it. */
async function planOne(context: TablesToPlan, one: OneTable): Promise<readonly PlannedOn[]> {
  const { read, database, there, neighbours } = one;
  const refusedBy = (failure: Failure): readonly PlannedOn[] =>
    context.targets.active.map((part) => ({ target: part.name, plan: unreadable(part.settings, { database, name: read.name, failure }) }));
  if (read.kind === 'unreadable') return refusedBy(read.failure);
  try {
    const source = { table: read.table, partitions: await readPartitions(context.source.metastore, read.table) };
    const standing = await ask(context, (part) => standingTable(part, there.get(part.name)?.tables.get(read.name)));
    return standing.map(({ part, answer }) => ({
      target: part.name,
      plan: planOn(context, { source, neighbours, part, standing: answer, database: there.get(part.name)?.database }),
    }));
  } catch (error) {
    if (isOutage(error)) throw error;
    return refusedBy(failureOf(error));
  }
}

interface OneOnTarget extends Pick<TableInput, 'source' | 'neighbours'> {
  readonly part: TargetPart;
  readonly standing: StandingTable;
  readonly database: Database | undefined;
}

function planOn(context: TablesToPlan, { source, neighbours, part, standing, database }: OneOnTarget): PlannedTable {
  const { facts, objectStores } = part.client;
  const clusters = { source: context.source.facts, target: facts };
  const there = { ...targetTable(standing), ...(database !== undefined && { standingDatabase: database }) };
  const plan = planTable({ source, neighbours, clusters, settings: part.settings, ...there });
  const stores = { cluster: facts.name, namespaces: [facts.namespace, ...objectStores] };
  return hashed(refuseUnreadableTarget(refuseUnknownStores(plan, stores), standing));
}

const hashed = (plan: TablePlan): PlannedTable => ({ plan, tableHash: tableHash(plan, sha256) });

function targetTable(standing: StandingTable): Pick<TableInput, 'target' | 'targetPartitions'> {
  if (standing.kind !== 'table') return {};
  const { table, partitions } = standing;
  return { target: table, ...(partitions !== undefined && { targetPartitions: partitions }) };
}

/** Something stands there, and nobody can say what: to take it for absent would be to write over it. */
function refuseUnreadableTarget(plan: TablePlan, standing: StandingTable): TablePlan {
  if (standing.kind !== 'unreadable') return plan;
  const detail = { target: displayName(plan.target), reason: standing.failure.message };
  return refusePlan(plan, issue('TARGET_UNREADABLE', displayName(plan.source), detail));
}

function asNeighbour(
  read: ReadTable,
  { database, context }: { readonly database: string; readonly context: TablesToPlan },
): readonly Neighbour[] {
  if (read.kind === 'unreadable' || read.table.storage.location === undefined) return [];
  const location = parseLocation(read.table.storage.location, context.source.facts.namespace);
  return location === undefined ? [] : [{ table: { database, table: read.name }, location }];
}

/** A table that nobody could read has a plan that says so: it is refused, and its row FAILED. */
function unreadable(
  settings: PlanSettings,
  { database, name, failure }: { readonly database: string; readonly name: string; readonly failure: Failure },
): PlannedTable {
  const source = { database, table: name };
  const plan: TablePlan = {
    source,
    target: { database: targetDatabase(database, settings), table: name },
    strategy: settings.strategy,
    decision: 'REFUSED',
    object: 'table',
    proof: settings.proof,
    partitions: [],
    statements: [],
    copyJobs: [],
    mappings: [],
    dependsOn: [],
    issues: [
      {
        code: 'METADATA_UNREADABLE',
        severity: 'refusal',
        subject: displayName(source),
        detail: { code: failure.code, message: failure.message },
      },
    ],
    hazards: [],
    decisions: [],
  };
  return { plan, tableHash: tableHash(plan, sha256), failure };
}
