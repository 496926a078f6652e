import type { FileChecksum, Location, ReRead } from '@hiveferry/core';

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

/** File systems of one cluster. Faults: `FILE_NOT_FOUND`, `FILE_EXISTS`, `BUCKET_NOT_FOUND`, `FILE_ACCESS_DENIED`, `FILE_STORE_UNREACHABLE`. */
export interface FileStore {
  /** @returns undefined when nothing is there */
  status(location: Location): Promise<FileStatus | undefined>;
  /**
   * Everything below a directory, depth first, streamed. Within each directory sorted as the store does it: HDFS by name (signed bytes of
   * UTF-8), an object store by key, where the name of a directory ends with a slash. Fault FILE_NOT_FOUND when the root is absent.
   */
  walk(root: Location, signal?: AbortSignal): AsyncIterable<FileStatus>;
  /** With parents; nothing happens when it is there. */
  makeDirectory(location: Location): Promise<void>;
  /**
   * Gives a directory another name, at once, with all that is in it; an empty directory of that name is replaced. The holder of the new
   * name must be there. Faults: FILE_NOT_FOUND when there is nothing to rename, also since it was renamed already; FILE_EXISTS when the
   * new name holds something; FILE_RENAME_UNSUPPORTED where a store cannot do it at once.
   */
  rename(from: Location, to: Location): Promise<void>;
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
  /** Set by a reader that reads the contents. */
  readonly reRead?: ReRead;
}

/** Checksums that can be compared between clusters (COMPOSITE_CRC): told by HDFS, made by reading where a store has none. */
export interface ChecksumReader {
  checksums(files: readonly Location[], signal?: AbortSignal): Promise<ChecksumResult>;
}
