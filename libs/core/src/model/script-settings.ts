import type { DataFlow, DataStrategyName } from './plan-settings.ts';
import type { TransferSettings } from './transfer.ts';

/** `RELATIVE` keeps the path below the target's namespace; `ALIGNED` puts tables into the database's warehouse directories. */
export type TranslationType = 'RELATIVE' | 'ALIGNED';

/** What moves the data. `NONE`: nothing does, or the strategy has its own way (EXPORT_IMPORT). */
export type DataMovement = 'SQL' | 'DISTCP' | 'MANUAL' | 'NONE';

/** Directories below which databases lie: paths without namespace and without the database's own directory. */
export interface WarehouseDirectories {
  readonly external?: string;
  readonly managed?: string;
}

/** One entry of the location map, paths without namespace; a kind of table without a place stays unmapped. */
export interface LocationMapEntry {
  readonly from: string;
  readonly external?: string;
  readonly managed?: string;
}

/** Entries by their path, in its canonical form. */
export type LocationMap = ReadonlyMap<string, LocationMapEntry>;

/** What the rules of DDL and of sessions must know of one cluster. */
export interface ClusterProfile {
  readonly hiveMajor: 1 | 2 | 3 | 4;
  /** HDP 3: ACID tables keep their LOCATION, databases have no MANAGEDLOCATION. */
  readonly isHdp3: boolean;
  /** ALTER DATABASE ... SET OWNER wants the word USER. */
  readonly ownerTakesKind: boolean;
  readonly namespace?: string;
  /** Directories that the cluster itself uses, from its environment (`hive.metastore.warehouse.*`). */
  readonly warehouse?: WarehouseDirectories;
  readonly createIfNotExists: boolean;
  /** Partitioned external tables get `discover.partitions`. */
  readonly partitionDiscovery: boolean;
  /** Partitions are found by MSCK after CREATE, where they are not listed one by one. */
  readonly repairPartitions: boolean;
  readonly autoTableStats: boolean;
  readonly autoColumnStats: boolean;
}

/** Which tables of a database take part, see `select-tables.ts`. Texts are Java regular expressions as far as JavaScript knows them. */
export interface TableSelection {
  /** Full match takes in; wins over `exclude`. */
  readonly include?: string;
  /** Full match leaves out. */
  readonly exclude?: string;
  readonly maxSizeMb?: number;
  readonly maxPartitions?: number;
  readonly acid: 'no' | 'also' | 'only';
  /** Views and nothing else. */
  readonly views: boolean;
  readonly nonNative: boolean;
}

/** How transactional tables travel. */
export interface AcidSettings {
  /** A bucket clause with no more buckets is an artefact of ACID v1 and is left out. */
  readonly bucketThreshold: number;
  /** Most partitions that SQL moves; 0 or less means no limit. */
  readonly partitionLimit: number;
  readonly downgrade: boolean;
  readonly inPlace: boolean;
}

/** How INSERT statements are tuned. */
export interface InsertSettings {
  readonly sortDynamicPartitions: boolean;
  readonly plain: boolean;
  readonly autoTune: boolean;
  readonly compressText: boolean;
  readonly skipStatistics: boolean;
  /** SET statements put first, by side. */
  readonly overrides: readonly { readonly key: string; readonly value?: string; readonly side: 'source' | 'target' | 'both' }[];
}

export interface IcebergSettings {
  readonly convert: boolean;
  readonly formatVersion: number;
  readonly tableProperties: Readonly<Record<string, string>>;
  readonly inPlace: boolean;
}

/** Names of working tables and directories. */
export interface WorkingNames {
  readonly transferPrefix: string;
  readonly shadowPrefix: string;
  readonly archiveSuffix: string;
  readonly exportDirectoryPrefix: string;
  readonly workingDirectory: string;
  /** Directory of this run below the working directory; the same marker gives the same bytes. */
  readonly runMarker: string;
}

/**
 * Everything that a configuration of scripts (`ferry hms-mirror`, `ferry plan`) can say and that changes them, validated and
 * adjusted. Texts of locations keep the letters they were given: namespaces are case-sensitive names of HDFS services.
 */
export interface ScriptSettings {
  readonly strategy: DataStrategyName;
  readonly clusters: { readonly source: ClusterProfile; readonly target?: ClusterProfile };
  readonly names: { readonly databasePrefix: string; readonly databaseRename?: string };
  readonly locations: {
    readonly translation: TranslationType;
    /** As asked for in so many words; the target cluster's namespace is the fallback. */
    readonly targetNamespace?: string;
    readonly intermediateStorage?: string;
    readonly map: readonly LocationMapEntry[];
    /** By source database. */
    readonly plans: Readonly<Record<string, WarehouseDirectories>>;
    /** For databases without a plan. */
    readonly warehouse?: WarehouseDirectories;
    readonly forceExternalLocation: boolean;
  };
  readonly movement: {
    readonly by: DataMovement;
    readonly flow: DataFlow;
    readonly consolidateTables: boolean;
    readonly createArchive: boolean;
    readonly strict: boolean;
    readonly keepDatabaseLocation: boolean;
    /** How copies by DistCp are spread over jobs and time. @default DEFAULT_TRANSFER_SETTINGS */
    readonly transfer?: TransferSettings;
  };
  readonly selection: TableSelection;
  readonly acid: AcidSettings;
  readonly hybrid: {
    readonly exportPartitionLimit: number;
    readonly sqlPartitionLimit: number;
    /** Bigger tables that HYBRID leaves to SQL are not run unattended. @default no bound */
    readonly sqlSizeLimitBytes?: number;
  };
  readonly inserts: InsertSettings;
  readonly iceberg: IcebergSettings;
  readonly working: WorkingNames;
  readonly databases: {
    readonly only: boolean;
    readonly consolidateCreate: boolean;
    /** Regular expressions of database properties that are not copied. */
    readonly skipProperties: readonly string[];
  };
  readonly ownership: { readonly database: boolean; readonly table: boolean };
  readonly sync: boolean;
  readonly readOnly: boolean;
  readonly noPurge: boolean;
  readonly keepWorkingTables: boolean;
  readonly repairDefinitions: boolean;
  readonly serdeRenames: Readonly<Record<string, string>>;
  /** Time of the run as `yyyy-MM-dd HH:mm:ss`, written into a table property when given. */
  readonly stamp?: string;
}
