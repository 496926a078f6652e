import type { Hazard, Issue } from './issue.ts';
import type { Location } from './location.ts';
import type { CopyPace, CopySize } from './transfer.ts';
import type { Owner, Parameters, StorageDescriptor, Table, TableName, TableType } from './table.ts';

export const DATA_STRATEGIES = [
  'SCHEMA_ONLY',
  'LINKED',
  'SQL',
  'EXPORT_IMPORT',
  'HYBRID',
  'STORAGE_MIGRATION',
  'COMMON',
  'DUMP',
  'CONVERT_LINKED',
  'ICEBERG_CONVERSION',
] as const;
export type DataStrategyName = (typeof DATA_STRATEGIES)[number];

/** How far a table is proved, weakest first; a level includes the ones before it. */
export const PROOF_LEVELS = ['metadata', 'files', 'checksum', 'rows'] as const;
export type ProofLevel = (typeof PROOF_LEVELS)[number];

/** Who runs DistCp: the target (PULL), the source (PUSH), or both over an intermediate storage. */
export const DATA_FLOWS = ['PULL', 'PUSH', 'PUSH_PULL'] as const;
export type DataFlow = (typeof DATA_FLOWS)[number];

/** One entry of the user's location map: everything at or below `from` goes to `to`. */
export interface LocationRule {
  readonly from: Location;
  readonly to: Location;
}

/** The part of a request that decides what the plan says. Same settings and same facts give the same plan. */
export interface PlanSettings {
  readonly strategy: DataStrategyName;
  readonly proof: ProofLevel;
  /** Longest match wins; tried before the default rule. */
  readonly locationMap: readonly LocationRule[];
  /** Hazard codes that the request allows. */
  readonly allowedHazards: readonly string[];
  /** Put before each target database name. @default '' */
  readonly databasePrefix: string;
  /** SCHEMA_ONLY: somebody else brings the files, and the tables wait for them. @default we do, by DistCp */
  readonly copiedBy?: 'external';
  /** What becomes of a table that is on the target already: made like the source's. @default it is refused */
  readonly onExisting?: 'sync';
  /** With a sync: what the source no longer has is dropped from the metastore of the target. @default it is left alone */
  readonly vanished?: VanishedLimits;
  /** What finds partitions on the target by their directories, once the table is proved. @default nothing */
  readonly partitionDiscovery?: PartitionDiscovery;
  /** SQL, EXPORT_IMPORT: what a transactional table becomes. @default 'downgrade', an external table without transactions */
  readonly transactionalTables?: 'migrate';
  /** EXPORT_IMPORT: below which directory tables are exported. @default the external warehouse of the source */
  readonly exportsAt?: Location;
  /** HYBRID: what goes by which way. */
  readonly hybrid?: HybridLimits;
  /** COMMON: the source's own file system counts as common. @default false */
  readonly commonStorage?: boolean;
  readonly distcp: LinkOptions &
    CopyPace & {
      /** @default 'PULL' */
      readonly flow?: DataFlow;
    };
}

/** 0 is no limit. */
export interface HybridLimits {
  /** More partitions go by SQL. @default 100 */
  readonly exportPartitionLimit?: number;
  /** With more of them SQL is refused. @default 500 */
  readonly sqlPartitionLimit?: number;
  /** With more bytes, as the metastore's statistics say, SQL is refused. @default 1 GiB */
  readonly sqlSizeLimitBytes?: number;
}

/** How much may be dropped at a time; more is refused as a whole. */
export interface VanishedLimits {
  /** Selected tables and views that stand on one target and are missing at the source, whoever made them. */
  readonly atMost: number;
  /** Of what is selected and stands in the databases of the run on the target. @default 100 */
  readonly atMostPercent?: number;
}

/** Both drop partitions whose directory is not there, and attach directories that nobody registered: never before the data is there. */
export interface PartitionDiscovery {
  /** The table gets `discover.partitions`: the metastore looks from time to time. */
  readonly auto?: true;
  /** `MSCK REPAIR TABLE .. SYNC PARTITIONS`, once. */
  readonly msckSync?: true;
}

/** How DistCp is called on the way between two clusters: see `distcp/link-options.ts` for what is refused. */
export interface LinkOptions {
  readonly mappers?: number;
  readonly bandwidthMbPerMapper?: number;
  /** Queue of YARN. */
  readonly queue?: string;
  /** `-D` properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Letters that follow `-p`. Between HDFSs alone: an object store keeps none of it. */
  readonly preserve?: string;
}

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

/**
 * How Hive itself moves the rows of a table. Each attempt has tables and directories of its own (`attemptTables`), so that one that goes on
 * too late meets no other; what an attempt brought to the target is published by the rename of its directory, or of its table where that
 * owns its files.
 */
export type RowMove = InsertMove | ExportMove;

interface PublishedRows {
  /** What the target inserts or imports into. */
  readonly working: HeldTable | OwnedTable;
  /** Where the directory of the attempt that is published goes; it is on the same file system as what holds it. */
  readonly destination: Location;
}

/** The target reads the rows and writes them anew. */
export interface InsertMove extends PublishedRows {
  /** What the source writes for the target to read, where the target cannot read the table itself. */
  readonly transfer?: HeldTable;
  /** What the target reads: over the source's files, or over those of the transfer table. */
  readonly shadow: Table;
}

/** The source exports the table with its partitions, the target imports it. */
export interface ExportMove extends PublishedRows {
  readonly exports: ExportPlace;
}

/** Exports of all attempts lie in a hidden directory of their step below `holder`. */
export interface ExportPlace {
  readonly holder: Location;
  /** Whose file systems it is one of. */
  readonly side: 'source' | 'target';
  /** Directory of a plain table, whose files must stay as they are meanwhile; of a transactional one Hive reads a snapshot. */
  readonly files?: Location;
}

/** A table that each attempt has under a name of its own, in a hidden directory of its own below `holder`. */
export interface HeldTable {
  readonly table: Table;
  readonly holder: Location;
}

/** A managed table that each attempt has under a name of its own, where Hive places it; Hive moves its directory with its name. */
export interface OwnedTable {
  /** Without a location. */
  readonly table: Table;
  readonly publishedAs: TableName;
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
