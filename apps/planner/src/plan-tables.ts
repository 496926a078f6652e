import { createHash } from 'node:crypto';
import { displayName, issue, parseLocation, planDatabase, planTable, refusePlan, tableHash, targetDatabase } from '@hiveferry/core';
import type { Neighbour, PlanSettings, Table, TablePlan } from '@hiveferry/core';
import { failureOf } from '@hiveferry/platform';
import type { ClusterClient, Failure, PlannedTable } from '@hiveferry/ports';
import { isOutage, readPartitions, readTables } from './read-tables.ts';
import type { ReadTable } from './read-tables.ts';
import type { PlanContext } from './take-inventory.ts';

const TABLES_A_PAGE = 100;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface TargetOfPlan {
  readonly name: string;
  readonly client: ClusterClient;
}

export interface TablesToPlan extends PlanContext {
  readonly settings: PlanSettings;
  readonly targets: readonly TargetOfPlan[];
  readonly isSelected: (table: string) => boolean;
}

/** Plans one database for every target: the source is read once, in pages; memory holds one page. */
export async function planTablesOf(context: TablesToPlan, database: string): Promise<void> {
  for (const target of context.targets) await planDatabaseFor(context, { target, database });
  let after = '';
  for (;;) {
    const names = await context.store.inventoryNames(context.run.runId, { database, after, limit: TABLES_A_PAGE });
    const last = names.at(-1);
    if (last === undefined) return;
    context.guard.check();
    await planPage(context, { database, names: names.filter(context.isSelected) });
    after = last;
  }
}

interface TablePage {
  readonly database: string;
  readonly names: readonly string[];
}

async function planDatabaseFor(
  { run, store, source, settings }: TablesToPlan,
  { target, database }: { target: TargetOfPlan; database: string },
): Promise<void> {
  const found = await source.metastore.database(database);
  if (found === undefined) return;
  const standing = await target.client.metastore.database(targetDatabase(database, settings));
  const clusters = { source: source.facts, target: target.client.facts };
  const plan = planDatabase({ source: found, clusters, settings, ...(standing !== undefined && { target: standing }) });
  await store.putDatabasePlan(run, target.name, plan);
}

async function planPage(context: TablesToPlan, { database, names }: TablePage): Promise<void> {
  if (names.length === 0) return;
  const read = await readTables(context.source.metastore, database, names);
  const neighbours = await context.store.neighbours(
    context.run.runId,
    read.flatMap((each) => asNeighbour(each, { database, context })),
  );
  const standing = await Promise.all(context.targets.map((target) => tablesOnTarget(context, { target, database, names })));
  const planned = context.targets.map((): PlannedTable[] => []);
  for (const each of read) {
    const around = neighbours.get(displayName({ database, table: each.name })) ?? [];
    const plans = await planOne(context, {
      database,
      read: each,
      neighbours: around,
      standing: standing.map((tables) => tables.get(each.name)),
    });
    plans.forEach((plan, index) => planned[index]?.push(plan));
  }
  for (const [index, target] of context.targets.entries())
    await context.store.putTablePlans(context.run, target.name, planned[index] ?? []);
}

async function tablesOnTarget(
  { settings }: TablesToPlan,
  { target, database, names }: { readonly target: TargetOfPlan; readonly database: string; readonly names: readonly string[] },
): Promise<ReadonlyMap<string, ReadTable>> {
  const name = targetDatabase(database, settings);
  if ((await target.client.metastore.database(name)) === undefined) return new Map();
  const read = await readTables(target.client.metastore, name, names);
  return new Map(read.map((each) => [each.name, each]));
}

interface OneTable {
  readonly database: string;
  readonly read: ReadTable;
  readonly neighbours: readonly Neighbour[];
  /** What stands on each target. */
  readonly standing: readonly (ReadTable | undefined)[];
}

/** One plan a target. What goes wrong with a table stays with it. */
async function planOne(context: TablesToPlan, one: OneTable): Promise<readonly PlannedTable[]> {
  const { read, database } = one;
  if (read.kind === 'unreadable')
    return context.targets.map(() => unreadable(context, { database, name: read.name, failure: read.failure }));
  try {
    const partitions = await readPartitions(context.source.metastore, read.table);
    return context.targets.map((target, index) => {
      const plan = planTable({
        source: { table: read.table, partitions },
        neighbours: one.neighbours,
        clusters: { source: context.source.facts, target: target.client.facts },
        settings: context.settings,
        ...targetTable(one.standing[index]),
      });
      return hashed(refuseUnreadableTarget(plan, one.standing[index]));
    });
  } catch (error) {
    if (isOutage(error)) throw error;
    return context.targets.map(() => unreadable(context, { database, name: read.name, failure: failureOf(error) }));
  }
}

const hashed = (plan: TablePlan): PlannedTable => ({ plan, tableHash: tableHash(plan, sha256) });

const targetTable = (standing: ReadTable | undefined): { readonly target?: Table } =>
  standing?.kind === 'table' ? { target: standing.table } : {};

/** Something stands there, and nobody can say what: to take it for absent would be to write over it. */
function refuseUnreadableTarget(plan: TablePlan, standing: ReadTable | undefined): TablePlan {
  if (standing?.kind !== 'unreadable') return plan;
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
  { settings }: TablesToPlan,
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
