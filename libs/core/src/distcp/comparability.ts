import type { Namespace } from '../model/location.ts';
import { isHdfs, isObjectStore, schemeOf } from './arguments.ts';

export const COMPARISONS = ['md5md5crc', 'composite-crc', 're-read', 'size-only'] as const;

/** What DistCp's own comparison of two files is worth. */
export interface Comparability {
  readonly comparison: (typeof COMPARISONS)[number];
  readonly reason: string;
}

/** Says what DistCp compares between two namespaces, after a copy and before it skips a file. */
export function comparability(source: Namespace, target: Namespace): Comparability {
  const sides = [source, target];
  if (sides.some(isObjectStore)) {
    return {
      comparison: 'size-only',
      reason: 'An object store has no checksum that HDFS knows: DistCp compares sizes and says nothing. The target is to be read back.',
    };
  }
  if (sides.every(isHdfs)) {
    return { comparison: 'composite-crc', reason: 'Both sides are HDFS: COMPOSITE_CRC is compared, whatever the block sizes.' };
  }
  if (sides.every((side) => isHdfs(side) || isWebHdfs(side))) {
    return {
      comparison: 'md5md5crc',
      reason: 'WebHDFS never answers COMPOSITE_CRC: MD5MD5CRC is compared, which needs equal block sizes.',
    };
  }
  return {
    comparison: 're-read',
    reason: 'One side keeps no checksums: DistCp compares sizes, so both files must be read to compare them.',
  };
}

function isWebHdfs(namespace: Namespace): boolean {
  return ['webhdfs', 'swebhdfs'].includes(schemeOf(namespace));
}
