import { crc32 } from 'node:zlib';
import type { FileChecksum, Location } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { ChecksumFailure, ChecksumReader } from '@hiveferry/ports';
import { crc32c } from './crc32c.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { contentOf } from './s3-content.ts';

/** Objects read at once: each holds one piece of its content. */
const READ_AT_ONCE = 4;

/** Of one file; others can be read all the same. */
const FILE_FAULTS = ['FILE_NOT_FOUND', 'FILE_CHANGED'];

/**
 * Reads whole objects back and makes the checksums that HDFS has: an object store keeps none that can be compared. The COMPOSITE_CRC
 * of an HDFS file is the CRC of its content, by CRC-32C or by CRC-32 as the file was written: both are made in one pass.
 */
export function s3ChecksumReader(bucket: S3Bucket): ChecksumReader {
  return {
    async checksums(files, signal) {
      const checksums = new Map<Location, FileChecksum>();
      const failures: ChecksumFailure[] = [];
      let bytes = 0;
      await forEachFile(files, signal, async (file, both) => {
        const read = await readBack(bucket, file, both);
        if ('reason' in read) failures.push({ location: file, reason: read.reason });
        else checksums.set(file, read.checksum);
        bytes += 'bytes' in read ? read.bytes : 0;
      });
      return { checksums, failures, reRead: { files: checksums.size, bytes } };
    },
  };
}

/** A few at a time; the first failure ends the others. */
async function forEachFile(
  files: readonly Location[],
  signal: AbortSignal | undefined,
  work: (file: Location, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const waiting = new Set(files).values();
  const worker = async (): Promise<void> => {
    for (const file of waiting) await work(file, both);
  };
  try {
    await Promise.all(Array.from({ length: READ_AT_ONCE }, worker));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

async function readBack(
  bucket: S3Bucket,
  file: Location,
  signal: AbortSignal,
): Promise<{ readonly checksum: FileChecksum; readonly bytes: number } | { readonly reason: string }> {
  let [castagnoli, ieee, bytes] = [0, 0, 0];
  try {
    for await (const piece of contentOf(bucket, file, signal)) {
      castagnoli = crc32c(piece, castagnoli);
      ieee = crc32(piece, ieee);
      bytes += piece.length;
    }
  } catch (error) {
    if (error instanceof MigrationError && FILE_FAULTS.includes(error.code)) return { reason: error.message };
    throw error;
  }
  const checksum = {
    algorithm: 'COMPOSITE-CRC32C',
    value: hex(castagnoli),
    otherwise: { algorithm: 'COMPOSITE-CRC32', value: hex(ieee) },
  };
  return { checksum, bytes };
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
