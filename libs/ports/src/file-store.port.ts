import type { FileChecksum, Location } from '@hiveferry/core';

export interface FileStatus {
  readonly location: Location;
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly owner?: string;
  readonly group?: string;
  /** Octal text, e.g. `755`. */
  readonly permission?: string;
}

/** File systems of one cluster. Faults: `FILE_NOT_FOUND`, `FILE_ACCESS_DENIED`, `FILE_STORE_UNREACHABLE`. */
export interface FileStore {
  /** @returns undefined when nothing is there */
  status(location: Location): Promise<FileStatus | undefined>;
  /** Everything below a directory, depth first, sorted by name within each directory as HDFS does it (signed bytes of UTF-8), streamed. Fault FILE_NOT_FOUND when the root is absent. */
  walk(root: Location, signal?: AbortSignal): AsyncIterable<FileStatus>;
  /** With parents; nothing happens when it is there. */
  makeDirectory(location: Location): Promise<void>;
  /** Recursive; nothing happens when it is absent. */
  remove(location: Location): Promise<void>;
}

export interface ChecksumFailure {
  readonly location: Location;
  readonly reason: string;
}

export interface ChecksumResult {
  readonly checksums: ReadonlyMap<Location, FileChecksum>;
  readonly failures: readonly ChecksumFailure[];
}

/** Checksums that can be compared between clusters (COMPOSITE_CRC), read through the cluster's Hadoop command. */
export interface ChecksumReader {
  checksums(files: readonly Location[], signal?: AbortSignal): Promise<ChecksumResult>;
}
