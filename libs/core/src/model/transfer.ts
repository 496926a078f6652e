/** How much a copy holds, from the metastore's statistics or a listing. */
export interface CopySize {
  readonly bytes: number;
  readonly files: number;
}

/** A directory that exists below a unit's source and goes to the same relative place: a partition, or a directory of partitions. */
export interface CopyPart {
  readonly source: string;
  readonly size?: CopySize;
  /** Latest modification of what lies in it, ISO-8601 UTC. */
  readonly modifiedAt?: string;
  /** Digest of its listing. */
  readonly listing?: string;
}

/** One directory whose content goes into another: what transfer planning is given. Places are in canonical form. */
export interface CopyUnit {
  /** Unique within the plan. */
  readonly id: string;
  /** `database.table`, or the database when tables are copied together. */
  readonly subject: string;
  /** Whose cluster runs it. */
  readonly side: 'source' | 'target';
  readonly source: string;
  readonly target: string;
  /** Places below the source that are not to be copied (hidden ones never are). */
  readonly excluded: readonly string[];
  /** Places below a hidden-looking directory that are copied all the same. */
  readonly visible?: readonly string[];
  /** Units that must be done first: the way to the intermediate storage. */
  readonly after: readonly string[];
  /** Absent when not known. */
  readonly size?: CopySize;
  /** None lies in another. They need not cover the source. */
  readonly parts: readonly CopyPart[];
  /** What lies in no part. */
  readonly rest?: Pick<CopyPart, 'modifiedAt' | 'listing'>;
  /** Only what changed between two snapshots of the source; the unit then stays as it is, in a job of its own. */
  readonly snapshots?: SnapshotPair;
}

/** Names of snapshots of one directory. */
export interface SnapshotPair {
  readonly from: string;
  readonly to: string;
}

/** The content of `source` goes into `target`, by `-update`. */
export interface PlannedCopy {
  readonly unit: string;
  readonly source: string;
  readonly target: string;
  readonly excluded: readonly string[];
  readonly visible?: readonly string[];
  readonly size?: CopySize;
  readonly snapshots?: SnapshotPair;
}

/**
 * How the copies of a job are run. `pair`: one DistCp. `list`: one DistCp with `-f` of the sources into the directory that holds the
 * targets, when none of the targets exists; else one after another. `sequence`: one after another, in one JVM or by one command each.
 */
export type TransferForm = { readonly kind: 'pair' | 'sequence' } | { readonly kind: 'list'; readonly target: string };

/** What runs as a whole at one time, in one lane of one wave. */
export interface TransferJob {
  /** `job-1`, `job-2`, ... in the order in which they begin. */
  readonly id: string;
  readonly side: CopyUnit['side'];
  readonly form: TransferForm;
  readonly copies: readonly PlannedCopy[];
  /** Jobs that must be done first. */
  readonly after: readonly string[];
  readonly mappers: number;
  /** Absent without a bandwidth budget. */
  readonly bandwidthMbPerMapper?: number;
  /** Of the copies whose size is known. */
  readonly size: CopySize;
  /** Number of copies whose size is not known. */
  readonly unknownSizes: number;
  /** Forecast; a copy of unknown size counts as the mean of those that are known. */
  readonly seconds: number;
  /** Only with a time window, counted from 1: `last` is later than `first` when it is ended with the window and goes on in the next. */
  readonly windows?: { readonly first: number; readonly last: number };
}

/** Jobs that run one after another; the lanes of a wave run at the same time. */
export interface TransferLane {
  readonly side: CopyUnit['side'];
  /** Ids, in order. */
  readonly jobs: readonly string[];
  readonly seconds: number;
}

/** The next wave begins when all lanes of this one are done. With a time window each wave is one window. */
export interface TransferWave {
  /** Counted from 1. */
  readonly number: number;
  readonly lanes: readonly TransferLane[];
  /** Of its longest lane. */
  readonly seconds: number;
}

/** When copies may run. */
export interface TimeWindow {
  /** `22:00`. */
  readonly opens: string;
  /** May be on the next day: `05:00`. */
  readonly closes: string;
  /** `Europe/Berlin`. @default UTC where the service looks at a clock; nobody does in a plan */
  readonly timeZone?: string;
}

/** What all copies of a run to one target have together: see `TransferSettings`. */
export interface CopyPace {
  readonly slots?: number;
  readonly maxMappers?: number;
  readonly maxMbPerSecond?: number;
  readonly window?: TimeWindow;
}

/** What the forecast of times takes for granted. */
export interface TransferAssumptions {
  /** From the command to the first byte. */
  readonly startUpSeconds: number;
  /** Start of a further copy in a JVM that runs. */
  readonly nextCopySeconds: number;
  /** Listing, by one client. */
  readonly listSecondsPerFile: number;
  /** Opening and closing, by one mapper. */
  readonly copySecondsPerFile: number;
  readonly mbPerSecondPerMapper: number;
}

/** How copies may be spread and in what they must stay. Each side has a link of its own. */
export interface TransferSettings {
  /** DistCp jobs at the same time; fewer when the bounds below do not leave each a mapper and 1 MB/s. */
  readonly slots: number;
  /** Of all jobs that run at the same time. */
  readonly maxMappers: number;
  readonly maxMbPerSecond?: number;
  /** How large a job is at most, where it can be split. @default a quarter of what each slot has to do, from 16 GiB to 1 TiB */
  readonly jobBytes?: number;
  /** How small copies share a job: by a list into absent directories, in one JVM that runs them in turn, not at all. */
  readonly packing: 'list' | 'shared-jvm' | 'none';
  /** After which time a wave ends, so that there is a moment to look; one job may take longer. */
  readonly waveMinutes: number;
  readonly window?: TimeWindow;
  /** Given to each DistCp: see `LinkOptions`. */
  readonly link?: {
    readonly queue?: string;
    readonly properties?: Readonly<Record<string, string>>;
    readonly preserve?: string;
    readonly bandwidthMbPerMapper?: number;
    readonly blockSizeBytes?: number;
  };
  readonly assumptions: TransferAssumptions;
}

export interface TransferForecast {
  readonly copies: number;
  readonly jobs: number;
  readonly waves: number;
  /** Of the copies whose size is known. */
  readonly size: CopySize;
  /** Number of copies whose size is not known; each counts as the mean of those that are known. */
  readonly unknownSizes: number;
  /** Time in which copies run, wave after wave. */
  readonly seconds: number;
  /** No plan of these jobs can be shorter: their sum over the slots, or the longest of them. */
  readonly lowerBoundSeconds: number;
  /** The same copies by one command each, one after another. */
  readonly oneByOneSeconds: number;
}

/** What is to be copied, in what jobs, when, and how long it will take. Same units and settings give the same plan. */
export interface TransferPlan {
  readonly settings: TransferSettings;
  /** By id. */
  readonly jobs: readonly TransferJob[];
  readonly waves: readonly TransferWave[];
  readonly forecast: TransferForecast;
  /** For people: what the plan rests on and what would make it better. */
  readonly recommendations: readonly string[];
}
