import type { Location } from './location.ts';
import type { CopyPace } from './transfer.ts';

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
