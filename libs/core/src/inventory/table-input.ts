import type { ClusterFacts } from '../model/cluster.ts';
import type { Location } from '../model/location.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import type { Database, Partition, Table, TableName, TableWithPartitions } from '../model/table.ts';

/** Another table of the source cluster and where it lies. */
export interface Neighbour {
  readonly table: TableName;
  readonly location: Location;
}

/** The two clusters of a plan. */
export interface ClusterPair {
  readonly source: ClusterFacts;
  readonly target: ClusterFacts;
}

/** Everything the plan of one table is made of. Order of partitions and neighbours carries no meaning. */
export interface TableInput {
  readonly source: TableWithPartitions;
  /** What stands under the target's name now; absent when nothing does. */
  readonly target?: Table;
  /** The target's database as it stands; absent when it does not, or where nobody looked. */
  readonly standingDatabase?: Database;
  /** Its partitions; read only where the settings ask for a sync. */
  readonly targetPartitions?: readonly Partition[];
  /** Other tables whose location is this table's or lies below it; see `neighboursByTable`. */
  readonly neighbours: readonly Neighbour[];
  readonly clusters: ClusterPair;
  readonly settings: PlanSettings;
}

/** Everything the plan of one database is made of. */
export interface DatabaseInput {
  readonly source: Database;
  /** Names of the source's permanent functions, where they were read. */
  readonly functions?: readonly string[];
  readonly target?: Database;
  readonly clusters: ClusterPair;
  readonly settings: PlanSettings;
}

/** Name of a source database on the target. */
export function targetDatabase(database: string, settings: PlanSettings): string {
  return `${settings.databasePrefix}${database}`;
}
