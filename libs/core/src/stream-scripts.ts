import { leftOutBecause } from './inventory/select-tables.ts';
import { refused } from './inventory/script-input.ts';
import type { ScriptInput, TableDraft, TargetDatabase } from './inventory/script-input.ts';
import { isIceberg, isView } from './inventory/table-kind.ts';
import { nameWithVariable, variableIssues } from './inventory/variable-names.ts';
import { isRefusal, issue } from './issues.ts';
import type { Issue } from './model/issue.ts';
import type { DatabaseHead, TablePair } from './model/data-set.ts';
import type { DatabaseScript, ScriptCopy, TableScript } from './model/script-plan.ts';
import type { ScriptSettings } from './model/script-settings.ts';
import type { TransferPlan } from './model/transfer.ts';
import type { Table } from './model/table.ts';
import { consolidateCopies } from './plan/consolidate-copies.ts';
import type { ConsolidatedCopies } from './plan/consolidate-copies.ts';
import { creationOrder } from './plan/creation-order.ts';
import type { ViewReads } from './plan/creation-order.ts';
import { draftDatabase } from './plan/script-database.ts';
import { STRATEGIES } from './strategies/registry.ts';
import { DEFAULT_TRANSFER_SETTINGS } from './transfer/default-settings.ts';
import { planTransfer } from './transfer/plan-transfer.ts';
import { unitsOfScripts } from './transfer/units-of-scripts.ts';
import { locationMapOf, mapsByTables } from './translate/location-map.ts';
import { tablesOfView } from './translate/view-tables.ts';

/** The run that a database is part of. */
export interface ScriptRun {
  /** All its databases: views that read from them are told their new names. @default the database alone */
  readonly databases?: readonly string[];
}

/** Tables of a database, read when they are wanted: once each, or twice where a rule must see all of them first. */
export interface TableSource {
  readonly names: readonly string[];
  readonly get: (name: string) => TablePair | undefined;
}

export type ScriptItem =
  | {
      readonly kind: 'planned';
      readonly script: TableScript;
      readonly copies: readonly ScriptCopy[];
      /** The table as it stands on the source, when it is there. */
      readonly source?: Table;
    }
  | { readonly kind: 'left-out'; readonly table: string; readonly reason: string };

/** Scripts of a database, its tables one at a time: memory does not grow with their number. */
export interface ScriptStream extends Pick<DatabaseScript, 'source' | 'target' | 'statements' | 'issues' | 'decisions'> {
  /** Where the database of the target lies after its statements. */
  readonly directories: Pick<TargetDatabase, 'location' | 'managedLocation'>;
  /** Tables by name, then views after what they read. */
  readonly items: () => Iterable<ScriptItem>;
  /** All copies of the items, each once, none that another brings along. */
  readonly finish: (copies: readonly ScriptCopy[]) => FinishedCopies;
}

/** All copies of a database, and in which jobs and waves they are run: absent when there are none. */
export interface FinishedCopies extends ConsolidatedCopies {
  readonly transfer?: TransferPlan;
}

/** As `planScripts`, for databases that do not fit into memory. */
export function streamScripts(
  database: DatabaseHead,
  tables: TableSource,
  run: ScriptRun & { readonly settings: ScriptSettings },
): ScriptStream {
  const { settings } = run;
  const { target, warehouse, statements, issues } = draftDatabase(database, settings);
  const head = { source: database.name, target: target.name, directories: target, decisions: [] };
  const refusals = [...issues, ...hostileName(database, target.name)].filter(isRefusal);
  if (refusals.length > 0) return { ...head, statements: [], issues: refusals, items: () => [], finish: nothing };
  const survey = surveyOf(database, tables, settings);
  const databases = run.databases ?? [database.name];
  const shared = { database, databases, settings, target, map: survey.map, ...(warehouse === undefined ? {} : { warehouse }) };
  return {
    ...head,
    statements,
    issues,
    items: () => itemsOf(survey.order, tables, shared),
    finish: (copies) => withTransfer(consolidateCopies(copies, settings, { name: database.name, locations: survey.locations }), settings),
  };
}

function nothing(): FinishedCopies {
  return { copies: [], issues: [] };
}

function withTransfer(finished: ConsolidatedCopies, { movement }: ScriptSettings): FinishedCopies {
  if (finished.copies.length === 0) return finished;
  return { ...finished, transfer: planTransfer(unitsOfScripts(finished.copies), movement.transfer ?? DEFAULT_TRANSFER_SETTINGS) };
}

function hostileName({ name, source }: DatabaseHead, target: string): readonly Issue[] {
  const found = nameWithVariable([name, target, source?.owner?.name ?? '']);
  return found === undefined ? [] : [issue('NAME_WITH_VARIABLE', name, { name: found })];
}

interface Survey {
  readonly map: ScriptInput['map'];
  readonly order: readonly string[];
  readonly locations: readonly string[];
}

/** What must be known of all tables before the first is planned; they are read for it only where something must. */
function surveyOf(database: DatabaseHead, tables: TableSource, settings: ScriptSettings): Survey {
  const names = settings.databases.only ? [] : [...tables.names].sort();
  const views: ViewReads[] = [];
  const locations: string[] = [];
  function* pairs(): Generator<TablePair> {
    for (const name of names) {
      const pair = tables.get(name);
      if (pair === undefined) continue;
      views.push(...viewOf(pair, database.name));
      if (settings.movement.consolidateTables) locations.push(pair.source?.table.storage.location ?? '');
      yield pair;
    }
  }
  const map = locationMapOf(database, settings, mapsByTables(database.name, settings) ? pairs() : []);
  const isSeen = mapsByTables(database.name, settings);
  const mustSee = settings.selection.views || settings.strategy === 'DUMP' || settings.movement.consolidateTables;
  if (!isSeen && mustSee) for (const _ of pairs()) continue;
  const last = new Set(views.map(({ name }) => name));
  return { map, locations, order: [...names.filter((name) => !last.has(name)), ...creationOrder(views)] };
}

function viewOf({ name, source, target }: TablePair, database: string): readonly ViewReads[] {
  const table = source?.table ?? target?.table;
  if (table === undefined || !isView(table)) return [];
  const read = tablesOfView(table.viewExpandedText ?? table.viewOriginalText ?? '');
  return [{ name, reads: read.flatMap((other) => (other.database === database ? [other.table] : [])) }];
}

function* itemsOf(order: readonly string[], tables: TableSource, shared: Omit<ScriptInput, 'pair'>): Generator<ScriptItem> {
  for (const name of order) {
    const pair = tables.get(name);
    if (pair === undefined) continue;
    const reason = leftOutBecause(pair, shared.settings);
    if (reason !== undefined) {
      yield { kind: 'left-out', table: name, reason };
      continue;
    }
    const { copies, ...script } = draftOf({ ...shared, pair });
    yield {
      kind: 'planned',
      script: { ...script, name, strategy: script.strategy ?? shared.settings.strategy },
      copies,
      ...sourceOf(pair),
    };
  }
}

function sourceOf({ source }: TablePair): { readonly source?: Table } {
  return source === undefined ? {} : { source: source.table };
}

/** Its content is a table that the rewriter of queries trusts to be fresh: no copy is that. */
function isMaterializedView({ source, target }: TablePair): boolean {
  return (source ?? target)?.table.tableType === 'MATERIALIZED_VIEW';
}

/** DUMP writes it down, ICEBERG_CONVERSION leaves it alone. */
function isIcebergMoved({ source }: TablePair, { strategy }: ScriptSettings): boolean {
  return source !== undefined && isIceberg(source.table) && strategy !== 'DUMP' && strategy !== 'ICEBERG_CONVERSION';
}

function draftOf(input: ScriptInput): TableDraft {
  const { database, pair, settings, target } = input;
  const subject = `${database.name}.${pair.name}`;
  const hostile = variableIssues(subject, pair, [database.name, target.name, pair.name]);
  if (hostile.length > 0) return refused(hostile);
  if (isMaterializedView(pair)) return refused([issue('MATERIALIZED_VIEW', subject)]);
  if (isIcebergMoved(pair, settings)) return refused([issue('ICEBERG_NOT_COPIED', subject)]);
  return STRATEGIES[settings.strategy].script(input);
}
