import type { Hazard, Issue } from './issue.ts';
import type { Location } from './location.ts';
import type { DataStrategyName, PartitionDiscovery, ProofLevel } from './plan-settings.ts';
import type { RowMove } from './row-move.ts';
import type { CopySize } from './transfer.ts';
import type { Owner, Parameters, StorageDescriptor, Table, TableName, TableType } from './table.ts';

/** Why a location became what it is: shown to the user with each mapping. */
export interface LocationMapping {
  readonly subject: 'table' | 'partition';
  /** Partition name as Hive writes it (`dt=2024-01-01/region=x%2Fy`), absent for the table. */
  readonly partition?: string;
  readonly from: Location;
  readonly to: Location;
  /** Rule that fired: `location-map`, `managed-to-external-warehouse`, `same-path`, `inside-table`, `location-kept`, `lies-there-already`. */
  readonly rule: string;
  readonly reason: string;
}

/**
 * One DistCp job. `pair` copies the content of one directory into one directory with `-update`;
 * `list` copies each directory of the list to a child of the same name, without `-update`.
 */
export type CopyJob = PairCopyJob | ListCopyJob;

interface CopyJobBase {
  /** Stable within its table plan: `copy-1`, `copy-2`, ... */
  readonly id: string;
  readonly target: Location;
  /** Directories or files under the sources that are not to be copied (hidden ones are always left out). */
  readonly excluded: readonly Location[];
  /** Locations below a hidden-looking directory that metadata point to (a partition in `/t/_old/p=1`): copied all the same. */
  readonly visible?: readonly Location[];
}

export interface PairCopyJob extends CopyJobBase {
  readonly kind: 'pair';
  readonly source: Location;
}

export interface ListCopyJob extends CopyJobBase {
  readonly kind: 'list';
  readonly sources: readonly Location[];
}

export const STATEMENT_PURPOSES = [
  'create-database',
  'preflight-create',
  'preflight-drop',
  'preflight-source',
  'create-transfer',
  'transfer-rows',
  'create-shadow',
  'create-working',
  'insert-rows',
  'export-table',
  'import-table',
  'publish-table',
  'convert-link',
  'drop-existing',
  'create-table',
  'create-view',
  'alter-table',
  'set-location',
  'set-owner',
  'add-partitions',
  'repair-partitions',
  'discover-partitions',
] as const;
export type StatementPurpose = (typeof STATEMENT_PURPOSES)[number];

/** A HiveQL statement without a closing semicolon. */
export interface PlannedStatement {
  readonly side: 'source' | 'target';
  readonly purpose: StatementPurpose;
  readonly sql: string;
  /** Name of the database that it makes: what to look for before and after. Only with purpose `create-database`. */
  readonly subject?: string;
}

export interface PlannedPartition {
  /** Hive's escaped name, `k=v/k2=v2`. */
  readonly name: string;
  readonly values: readonly string[];
  readonly source: Location;
  readonly target: Location;
  /** Descriptor for the target, location included. */
  readonly storage: StorageDescriptor;
  readonly parameters: Parameters;
}

/** A table that stays the same table of the same metastore, and comes to lie elsewhere: where, its `expected` and its partitions say. */
export interface Relocation {
  readonly from: Location;
  /** Properties that name a path in the old directory. */
  readonly paths: readonly MovedPath[];
}

export interface MovedPath {
  readonly of: 'table' | 'serde';
  readonly key: string;
  readonly from: string;
  readonly to: Location;
}

/** What stands on the target already and is made like the source's. */
export interface ExistingObject {
  /** `amended`: properties, comment and owner are set; `replaced`: dropped from the metastore and created again. */
  readonly definition: 'kept' | 'amended' | 'replaced';
  /** Of a table that is kept or amended; one that is replaced gets all its partitions anew. */
  readonly partitions?: PartitionChanges;
  /** CONVERT_LINKED: what is to lie at the plan's own places. */
  readonly linked?: LinkedPlaces;
}

/** What still points at the files of the source. */
export interface LinkedPlaces {
  /** Where the table lies; absent when that is its own place already. */
  readonly table?: Location;
  /** Names, sorted, of partitions that lie at their `source`. */
  readonly partitions: readonly string[];
}

/** Names of partitions, sorted. Nothing of this touches a file. */
export interface PartitionChanges {
  readonly added: readonly string[];
  /** They lie elsewhere or differ: dropped from the metastore and added as they are planned. */
  readonly replaced: readonly string[];
  /** The source does not have them. */
  readonly dropped: readonly string[];
}

/** What stands on the target while the source has no such table any more, as it was when its drop was planned. */
export interface VanishedObject {
  readonly tableType: TableType;
  readonly location?: string;
  /** Whose copy a sync said that it is. */
  readonly mark?: string;
}

/** What will be done with one table on one target. Immutable once published; its hash is what is approved. */
export interface TablePlan {
  readonly source: TableName;
  readonly target: TableName;
  readonly strategy: DataStrategyName;
  readonly decision: 'MIGRATE' | 'REFUSED';
  readonly object: 'table' | 'view';
  readonly proof: ProofLevel;
  /** The table as it must stand on the target; absent when refused before translation. */
  readonly expected?: Table;
  readonly expectedOwner?: Owner;
  readonly partitions: readonly PlannedPartition[];
  readonly statements: readonly PlannedStatement[];
  readonly copyJobs: readonly CopyJob[];
  /** By job, where the metastore's statistics say it: for forecasts. No part of the hash. */
  readonly copySizes?: Readonly<Record<string, CopySize>>;
  /** Set when rows are inserted; there are no copies then. */
  readonly rows?: RowMove;
  /** Set when source and target are one table, which changes its place. */
  readonly relocation?: Relocation;
  /** Absent when nothing stands under the name, or when what stands there is only refreshed. */
  readonly existing?: ExistingObject;
  /** Set when it is dropped. */
  readonly vanished?: VanishedObject;
  /** Nobody here runs the copies: they say what others must bring where. */
  readonly copiedBy?: 'external';
  /** Whose executor runs the copies; absent means the target's. */
  readonly copySide?: 'source';
  /** Set for partitioned tables only. */
  readonly discovery?: PartitionDiscovery;
  readonly mappings: readonly LocationMapping[];
  /** Objects of the same source that must exist on the target first (a view's tables). */
  readonly dependsOn: readonly TableName[];
  readonly issues: readonly Issue[];
  readonly hazards: readonly Hazard[];
  /** What was decided, in order, in words. */
  readonly decisions: readonly Decision[];
  /** The table as it stood on the source when it was planned, for people to compare. No part of the hash. */
  readonly sourceDdl?: string;
}

export interface Decision {
  readonly rule: string;
  readonly reason: string;
}

/** The database on the target: its statements and what is wrong with it. */
export interface DatabasePlan {
  readonly source: string;
  readonly target: string;
  readonly statements: readonly PlannedStatement[];
  readonly issues: readonly Issue[];
}
