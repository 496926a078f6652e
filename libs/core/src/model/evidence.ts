import type { Location } from './location.ts';
import type { ProofLevel } from './plan-settings.ts';
import type { TableName } from './table.ts';

/** One file of a table, its path relative to the root of the copy (see `copyRootsOf`) it belongs to: equal on both sides. */
export interface FileFact {
  /** Id of the copy root. */
  readonly root: string;
  /** Path below that root, segments joined by `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly checksum?: FileChecksum;
}

/** Comparable only when the algorithm strings are equal. */
export interface FileChecksum {
  readonly algorithm: string;
  /** Hex. */
  readonly value: string;
  /** The same content by another algorithm, from a reader that cannot know which of them the other side has. */
  readonly otherwise?: Omit<FileChecksum, 'otherwise'>;
}

/** Files that were read as a whole to make their checksums, since their store keeps none that can be compared. */
export interface ReRead {
  readonly files: number;
  readonly bytes: number;
}

/** What one side was found to hold, reported by that side's executor. */
export interface Measurement {
  readonly measuredAt: string;
  readonly files: readonly FileFact[];
  /** count(*), counted, never from statistics; absent when the level does not ask for it. */
  readonly rows?: string;
  readonly rowsNotCountedBecause?: string;
  readonly checksumNotReadBecause?: string;
  readonly reRead?: ReRead;
}

/** A difference between plan and target, with its own code. */
export interface Finding {
  readonly code: string;
  /** `db.table`, `db.table/partition`, or a file. */
  readonly subject: string;
  readonly expected: string;
  readonly found: string;
}

export interface LeftBehind {
  readonly location: Location;
  readonly files: number;
  readonly bytes: number;
}

/** What was checked, with numbers. One record per table, run and verification. */
export interface Evidence {
  readonly table: TableName;
  readonly target: TableName;
  readonly tableHash: string;
  readonly verdict: 'VERIFIED' | 'NOT_VERIFIED';
  /** The level reached, absent when not even metadata agree. */
  readonly level?: ProofLevel;
  readonly askedLevel: ProofLevel;
  readonly findings: readonly Finding[];
  /** Findings beyond the kept ones. */
  readonly findingsOmitted: number;
  readonly counts: {
    readonly partitions: number;
    readonly files: number;
    readonly bytes: number;
    readonly checksummedFiles: number;
    /** Decimal text, since Hive counts beyond 2^53. */
    readonly rows?: string;
  };
  readonly checksumAlgorithm?: string;
  /** Of the target; absent when its store told the checksums. */
  readonly reRead?: ReRead;
  /** Old directories of a table that moved: they hold what they held, and nobody here removes it. */
  readonly leftBehind?: readonly LeftBehind[];
  /** What was not compared, and why. */
  readonly notCompared: readonly string[];
  readonly sourceListedAt?: string;
  readonly verifiedAt: string;
}
