import type { ChecksumReader, FileStore } from '@hiveferry/ports';
import { openBucket } from './s3-bucket.ts';
import type { S3StoreOptions } from './s3-bucket.ts';
import { s3ChecksumReader } from './s3.checksum-reader.ts';
import { s3FileStore } from './s3.file-store.ts';

export type { S3Keys, S3StoreOptions } from './s3-bucket.ts';

export interface S3Store {
  readonly files: FileStore;
  readonly checksums: ChecksumReader;
  close(): void;
}

/** One bucket of S3, or of a store that speaks its protocol. */
export function createS3Store(options: S3StoreOptions): S3Store {
  const bucket = openBucket(options);
  return { files: s3FileStore(bucket), checksums: s3ChecksumReader(bucket), close: () => bucket.close() };
}
