import { createHash } from 'node:crypto';
import {
  MigrationError,
  compareText,
  destinationClashes,
  displayName,
  isExecutable,
  lastSegment,
  below,
  neighboursByTable,
  parseLocation,
  planDatabase,
  planHash,
  planTable,
  refusePlan,
  tableHash,
  targetDatabase,
} from '@hiveferry/core';
import type { ClusterPair, CopyJob, Database, DatabasePlan, Destination, Neighbour, PlanSettings, Table, TablePlan } from '@hiveferry/core';
import type { Entry } from '../snapshot/entries.ts';

/** The plan of all tables, as the service makes it in a dry run. */
export interface OfflinePlan {
  readonly planHash: string;
  readonly databases: readonly { readonly plan: DatabasePlan; readonly tables: readonly TablePlan[] }[];
}

export interface Planning {
  readonly clusters: ClusterPair;
  readonly settings: PlanSettings;
  readonly databases: readonly string[];
  readonly isSelected: (table: string) => boolean;
  /** Reads the source from its beginning; called twice. */
  readonly source: () => AsyncIterable<Entry>;
  /** What stands on the target. @default nothing */
  readonly target?: () => AsyncIterable<Entry>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** First where all tables lie, then a plan a table, then what would be mixed on the target. Memory holds the plans. */
export async function planSnapshots(planning: Planning): Promise<OfflinePlan> {
  const neighbours = neighboursByTable(await neighboursOf(planning));
  const standing = await standingOf(planning);
  const databases = new Map<string, DatabasePlan>();
  const known: string[] = [];
  const tables: TablePlan[] = [];
  for await (const entry of planning.source()) {
    if (entry.kind === 'database') {
      known.push(entry.name);
      if (planning.databases.includes(entry.name)) databases.set(entry.name, planOfDatabase(entry, planning, standing));
    } else if (isPlanned(entry.table, planning)) {
      const around = neighbours.get(displayName({ database: entry.table.database, table: entry.table.name })) ?? [];
      tables.push(planOfTable(entry, { planning, standing, around }));
    }
  }
  const missing = planning.databases.filter((name) => !databases.has(name));
  if (missing.length > 0) throw databaseNotFound(missing.join(', '), known);
  return assembled(planning, databases, withoutClashes(tables, planning.settings));
}

const isPlanned = (table: Table, { databases, isSelected }: Planning): boolean =>
  databases.includes(table.database) && isSelected(table.name);

/** All tables of the selected databases, selected or not: one that is left out may lie inside one that is copied. */
async function neighboursOf({ source, databases, clusters }: Planning): Promise<readonly Neighbour[]> {
  const found: Neighbour[] = [];
  for await (const entry of source()) {
    if (entry.kind !== 'table' || !databases.includes(entry.table.database)) continue;
    const { tableType, storage, database, name } = entry.table;
    if (tableType === 'VIRTUAL_VIEW' || tableType === 'MATERIALIZED_VIEW' || storage.location === undefined) continue;
    const location = parseLocation(storage.location, clusters.source.namespace);
    if (location !== undefined) found.push({ table: { database, table: name }, location });
  }
  return found;
}

interface Standing {
  readonly databases: ReadonlyMap<string, Database>;
  readonly tables: ReadonlyMap<string, Table>;
}

async function standingOf({ target }: Planning): Promise<Standing> {
  const databases = new Map<string, Database>();
  const tables = new Map<string, Table>();
  for await (const entry of target?.() ?? []) {
    if (entry.kind === 'database') databases.set(entry.name, entry.database);
    else tables.set(entry.name, entry.table);
  }
  return { databases, tables };
}

function planOfDatabase(
  { database: source, functions }: Extract<Entry, { kind: 'database' }>,
  { clusters, settings }: Planning,
  standing: Standing,
): DatabasePlan {
  const target = standing.databases.get(targetDatabase(source.name, settings));
  return planDatabase({ source, functions, clusters, settings, ...(target === undefined ? {} : { target }) });
}

interface AroundTable {
  readonly planning: Planning;
  readonly standing: Standing;
  readonly around: readonly Neighbour[];
}

function planOfTable(
  { table, partitions }: Extract<Entry, { kind: 'table' }>,
  { planning: { clusters, settings }, standing, around }: AroundTable,
): TablePlan {
  const target = standing.tables.get(displayName({ database: targetDatabase(table.database, settings), table: table.name }));
  const database = standing.databases.get(targetDatabase(table.database, settings));
  const there = { ...(target === undefined ? {} : { target }), ...(database === undefined ? {} : { standingDatabase: database }) };
  return planTable({ source: { table, partitions }, neighbours: around, clusters, settings, ...there });
}

/** What is only told of does not clash. */
function withoutClashes(plans: readonly TablePlan[], { strategy }: PlanSettings): readonly TablePlan[] {
  if (!isExecutable(strategy)) return plans;
  const clashes = destinationClashes(plans.filter(({ decision }) => decision === 'MIGRATE').flatMap(destinationsOf));
  return plans.map((plan) => {
    const clash = clashes.get(displayName(plan.source));
    return clash === undefined ? plan : refusePlan(plan, clash);
  });
}

function destinationsOf(plan: TablePlan): readonly Destination[] {
  const {
    source: table,
    copyJobs,
    rows,
    mappings: [own],
  } = plan;
  const isUsedThere = isCopiedUnderItsName(plan);
  const copies = copyJobs.flatMap((job) =>
    pairsOf(job).map((pair) => ({ table, ...pair, ...(isUsedThere && { leavesOut: job.excluded }) })),
  );
  if (rows === undefined || own === undefined) return copies;
  return [...copies, { table, source: own.from, target: rows.destination, isWritten: true }];
}

function isCopiedUnderItsName({ relocation, existing, copiedBy }: TablePlan): boolean {
  const { table, partitions = [] } = existing?.linked ?? {};
  return relocation !== undefined || (copiedBy === undefined && (table !== undefined || partitions.length > 0));
}

/** A list's source lands below the target under its own name. */
function pairsOf(job: CopyJob): readonly Pick<Destination, 'source' | 'target'>[] {
  if (job.kind === 'pair') return [{ source: job.source, target: job.target }];
  return job.sources.map((source) => ({ source, target: below(job.target, [lastSegment(source) ?? '']) }));
}

function assembled(planning: Planning, databases: ReadonlyMap<string, DatabasePlan>, tables: readonly TablePlan[]): OfflinePlan {
  const hashes = tables.map((plan) => ({ source: plan.source, hash: tableHash(plan, sha256) }));
  const plans = [...databases.values()];
  const byDatabase = Map.groupBy(tables, ({ source }) => source.database);
  return {
    planHash: planHash(hashes, plans, sha256),
    databases: [...databases].sort(([a], [b]) => compareText(a, b)).map(([name, plan]) => ({ plan, tables: byDatabase.get(name) ?? [] })),
  };
}

function databaseNotFound(names: string, known: readonly string[]): MigrationError {
  const there = known.length === 0 ? 'its file names none: is it the right one?' : `there are ${known.slice(0, 20).join(', ')}`;
  const message = `The source has no database ${names}: correct selection.databases; ${there}`;
  return new MigrationError('DATABASE_NOT_FOUND', message, { category: 'request', retry: 'never', subject: names });
}
