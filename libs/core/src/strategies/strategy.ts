import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import type { Issue } from '../model/issue.ts';
import type { DataStrategyName } from '../model/plan-settings.ts';

/** What DistCp is to a strategy. */
export type DistCpRole = 'PRIMARY' | 'OPTIONAL' | 'CONDITIONAL' | 'INFORMATIONAL' | 'ASSUMED' | 'DEPENDS' | 'NONE';

/** The line of a strategy in the decision table: words are those of the table that users know. */
export interface DistCpUse {
  readonly role: DistCpRole;
  readonly used: string;
  readonly artefacts: string;
}

/**
 * What becomes of a table's files: copied to a place of the target's table; or shared, which then points at them where they are; or
 * converted: copied, and the table that points at them turned to the copies; or inserted: Hive writes the rows anew; or exported by the
 * source and imported by the target; or relocated: copied to another place of the same metastore, at which the table is then pointed; or
 * described: the plan says what is there and how it would be copied, and is never executed.
 */
export type FilesOfStrategy = 'copied' | 'shared' | 'converted' | 'inserted' | 'exported' | 'relocated' | 'described';

/** The strategy of one table, where one of several is chosen. */
export interface StrategyChoice {
  readonly strategy: DataStrategyName;
  readonly reason: string;
  /** What stands against it. */
  readonly issues: readonly Issue[];
}

/** How the service runs a strategy. */
export interface ServiceStrategy {
  readonly files: FilesOfStrategy;
  /** Ports of a cluster that it cannot work without, `side.port`. */
  readonly needs: readonly string[];
  /** What stands against it for this table; a refusal stops the table and no other. */
  readonly accepts: (input: TableInput) => readonly Issue[];
  /** Says for each table which other strategy it goes by. */
  readonly choose?: (input: TableInput) => StrategyChoice;
}

/** A way to bring the data over. One file a strategy, same shape; the registry is in `registry.ts`. */
export interface DataStrategy {
  readonly name: DataStrategyName;
  readonly distcp: DistCpUse;
  /** Absent while executors cannot run it: the service refuses it. */
  readonly service?: ServiceStrategy;
  /** Its scripts for one table, for people and for clusters that no executor stands at. */
  readonly script: (input: ScriptInput) => TableDraft;
}
