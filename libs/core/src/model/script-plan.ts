import type { Issue } from './issue.ts';
import type { Decision } from './plan.ts';
import type { DataStrategyName } from './plan-settings.ts';
import type { CopyPart, CopySize, TransferPlan } from './transfer.ts';

/** Why a statement stands in a script. */
export type ScriptPurpose =
  | 'create-database'
  | 'alter-database'
  | 'use-database'
  | 'set'
  | 'drop'
  | 'create-table'
  | 'create-working-table'
  | 'create-view'
  | 'add-constraint'
  | 'rename'
  | 'set-owner'
  | 'set-properties'
  | 'set-location'
  | 'add-partitions'
  | 'drop-partitions'
  | 'repair-partitions'
  | 'insert'
  | 'export'
  | 'import';

/** How a statement is taken back, for as long as the clean-up was not run. */
export type Undo =
  | { readonly kind: 'statements'; readonly sql: readonly string[] }
  /** It changes no metadata, or goes with what the plan made and takes back. */
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'none'; readonly reason: string };

/** A HiveQL statement of a script, without a closing semicolon. */
export interface ScriptStatement {
  readonly side: 'source' | 'target';
  /** `clean-up` runs when the data was moved and checked. */
  readonly phase: 'execute' | 'clean-up';
  readonly purpose: ScriptPurpose;
  readonly sql: string;
  readonly undo: Undo;
}

/** The content of `source` goes into `target`. */
export interface ScriptCopy {
  /** Whose cluster runs it. */
  readonly side: 'source' | 'target';
  readonly source: string;
  readonly target: string;
  /** Absent when not recorded. */
  readonly size?: CopySize;
  /** Directories by which a huge copy can be split. */
  readonly parts?: readonly CopyPart[];
}

/** What the scripts do with one table, and why, in order. */
export interface TableScript {
  readonly name: string;
  /** The strategy that was chosen for it (HYBRID chooses). */
  readonly strategy: DataStrategyName;
  /** `LEFT_ALONE`: there is nothing to do. `BY_HAND`: too big to be run unattended, its statements are for a person. */
  readonly decision: 'MIGRATE' | 'BY_HAND' | 'LEFT_ALONE' | 'REFUSED';
  readonly statements: readonly ScriptStatement[];
  readonly issues: readonly Issue[];
  readonly decisions: readonly Decision[];
  /** Absent when MSCK finds all partitions, or statements name them. */
  readonly unattached?: readonly UnattachedPartition[];
}

/** A partition that no statement attaches: MSCK looks only where Hive puts partitions. */
export interface UnattachedPartition {
  readonly name: string;
  /** Where the rules of locations would have it; absent where they have no place for it. */
  readonly place?: string;
}

/** Scripts of one database. Copies are those of all its tables, none twice, sorted. */
export interface DatabaseScript {
  readonly source: string;
  readonly target: string;
  readonly statements: readonly ScriptStatement[];
  readonly tables: readonly TableScript[];
  readonly copies: readonly ScriptCopy[];
  /** In which jobs and waves they are run; absent when there are none. */
  readonly transfer?: TransferPlan;
  readonly filteredOut: readonly { readonly table: string; readonly reason: string }[];
  /** A refusal here stops the whole run: nothing of it may be executed. */
  readonly issues: readonly Issue[];
  readonly decisions: readonly Decision[];
}
