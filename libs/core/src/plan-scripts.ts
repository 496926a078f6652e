import { leftOutBecause } from './inventory/select-tables.ts';
import type { ScriptInput, TableDraft } from './inventory/script-input.ts';
import { isRefusal } from './issues.ts';
import type { RecordedDatabase, TablePair } from './model/data-set.ts';
import { sortedBy } from './model/order.ts';
import type { DatabaseScript, TableScript } from './model/script-plan.ts';
import type { ScriptSettings } from './model/script-settings.ts';
import { consolidateCopies } from './plan/consolidate-copies.ts';
import { creationOrder } from './plan/creation-order.ts';
import { draftDatabase } from './plan/script-database.ts';
import { STRATEGIES } from './strategies/registry.ts';
import { locationMapOf } from './translate/location-map.ts';

/** The run that a database is part of. */
export interface ScriptRun {
  /** All its databases: views that read from them are told their new names. @default the database alone */
  readonly databases?: readonly string[];
}

/**
 * Plans the scripts of one database and all its tables. A refusal among the database's issues means that nothing of it may be run;
 * a refused table stops no other. Tables come first, then views after what they read.
 */
export function planScripts(database: RecordedDatabase, settings: ScriptSettings, run: ScriptRun = {}): DatabaseScript {
  const { target, warehouse, statements, issues } = draftDatabase(database, settings);
  const filtered = settings.databases.only ? [] : filter(database, settings);
  const known = { source: database.name, target: target.name, filteredOut: filtered.flatMap(leftOut), issues, decisions: [] };
  if (issues.some(isRefusal)) return { ...known, statements: [], tables: [], copies: [] };
  const databases = run.databases ?? [database.name];
  const map = locationMapOf(database, settings);
  const shared = { database, databases, settings, target, map, ...(warehouse === undefined ? {} : { warehouse }) };
  const chosen = filtered.flatMap(({ pair, reason }) => (reason === undefined ? [pair] : []));
  const drafts = creationOrder(chosen, database.name).map((pair) => ({
    pair,
    draft: STRATEGIES[settings.strategy].script({ ...shared, pair } satisfies ScriptInput),
  }));
  const consolidated = consolidateCopies(
    drafts.flatMap(({ draft }) => draft.copies),
    settings,
    database,
  );
  return {
    ...known,
    issues: [...issues, ...consolidated.issues],
    statements,
    tables: drafts.map(({ pair, draft }) => tableScript(pair, draft, settings)),
    copies: consolidated.copies,
  };
}

interface Filtered {
  readonly pair: TablePair;
  readonly reason: string | undefined;
}

/** By name: the same tables in another order give the same scripts. */
function filter({ tables }: RecordedDatabase, settings: ScriptSettings): readonly Filtered[] {
  return sortedBy(tables, ({ name }) => name).map((pair) => ({ pair, reason: leftOutBecause(pair, settings) }));
}

function leftOut({ pair, reason }: Filtered) {
  return reason === undefined ? [] : [{ table: pair.name, reason }];
}

function tableScript({ name }: TablePair, draft: TableDraft, { strategy }: ScriptSettings): TableScript {
  const { copies: _copies, ...script } = draft;
  return { ...script, name, strategy: draft.strategy ?? strategy };
}
