import type { DatabaseHead, TablePair } from '../model/data-set.ts';
import type { Issue } from '../model/issue.ts';
import type { Decision } from '../model/plan.ts';
import type { ScriptCopy, ScriptStatement, TableScript } from '../model/script-plan.ts';
import type { LocationMap, ScriptSettings, WarehouseDirectories } from '../model/script-settings.ts';

/** A database of the target as it stands after its own statements. */
export interface TargetDatabase {
  readonly name: string;
  readonly location?: string;
  readonly managedLocation?: string;
}

/** Everything the scripts of one table are made of. */
export interface ScriptInput {
  readonly database: DatabaseHead;
  /** Names of all databases of the run. */
  readonly databases: readonly string[];
  readonly pair: TablePair;
  readonly settings: ScriptSettings;
  readonly target: TargetDatabase;
  /** The user's entries and those of warehouse plans. */
  readonly map: LocationMap;
  /** Plan of the database, else the general one. */
  readonly warehouse?: WarehouseDirectories;
}

/** What a strategy says of one table; its name is added by the planner. */
export interface TableDraft extends Omit<TableScript, 'name' | 'strategy'> {
  readonly strategy?: TableScript['strategy'];
  readonly copies: readonly ScriptCopy[];
}

/** A draft that has only what is said. */
export function draft(parts: Partial<TableDraft> & { readonly decision: TableDraft['decision'] }): TableDraft {
  return { statements: [], issues: [], decisions: [], copies: [], ...parts };
}

export function refused(issues: readonly Issue[], decisions: readonly Decision[] = []): TableDraft {
  return draft({ decision: 'REFUSED', issues, decisions });
}

/** Nothing to be done, for a reason. */
export function leftAlone(rule: string, reason: string, issues: readonly Issue[] = []): TableDraft {
  return draft({ decision: 'LEFT_ALONE', issues, decisions: [{ rule, reason }] });
}

export type Side = ScriptStatement['side'];
