import type { Location } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { FileStatus, FileStore } from '@hiveferry/ports';
import type { S3Bucket } from './s3-bucket.ts';
import { FOLDER_SUFFIX, directoryAt, objectsBelow, treeOf } from './s3-walk.ts';

const MOST_KEYS_A_REMOVAL = 1000;

/**
 * A bucket as Hadoop's s3a sees it: directories are prefixes of keys. An empty one is an empty object whose key ends with a slash; one
 * that loses its last object is gone.
 */
export function s3FileStore(bucket: S3Bucket): FileStore {
  const status = (location: Location): Promise<FileStatus | undefined> => statusOf(bucket, location);
  return {
    status,
    async *walk(root, signal) {
      const prefix = directoryKey(bucket.keyOf(root));
      let isEmpty = true;
      const options = { root, signal };
      for await (const entry of treeOf(objectsBelow(bucket, prefix, options), prefix, options)) {
        isEmpty = false;
        yield entry;
      }
      if (isEmpty && (await status(root)) === undefined) throw notFound(root);
    },
    async makeDirectory(location) {
      const found = await status(location);
      if (found?.kind === 'directory') return;
      if (found !== undefined) throw inTheWay(location);
      await bucket.putEmpty(directoryKey(bucket.keyOf(location)), { subject: location });
    },
    rename: (from) => Promise.reject(notRenamed(from)),
    async remove(location) {
      const key = bucket.keyOf(location);
      const keys = key === '' ? [] : [key, `${key}${FOLDER_SUFFIX}`];
      for await (const found of objectsBelow(bucket, directoryKey(key), { root: location })) {
        if (keys.push(found.key) === MOST_KEYS_A_REMOVAL) await bucket.remove(keys.splice(0), { subject: location });
      }
      if (keys.length > 0) await bucket.remove(keys, { subject: location });
    },
  };
}

/** Listed, not asked for by HEAD: that answers without saying why it refuses. */
async function statusOf(bucket: S3Bucket, location: Location): Promise<FileStatus | undefined> {
  const about = { subject: location };
  const key = bucket.keyOf(location);
  if (key !== '') {
    // Of all keys that begin so, the key itself comes first.
    const [first] = (await bucket.list({ prefix: key, maxKeys: 1 }, about)).objects;
    if (first === undefined) return undefined;
    if (first.key === key) return { location, kind: 'file', sizeBytes: first.sizeBytes, modifiedAtMs: first.modifiedAtMs };
  }
  const [inside] = (await bucket.list({ prefix: directoryKey(key), maxKeys: 1 }, about)).objects;
  if (inside !== undefined || key === '') return directoryAt(location);
  const [marker] = (await bucket.list({ prefix: `${key}${FOLDER_SUFFIX}`, maxKeys: 1 }, about)).objects;
  return marker?.key === `${key}${FOLDER_SUFFIX}` ? directoryAt(location) : undefined;
}

function directoryKey(key: string): string {
  return key === '' ? '' : `${key}/`;
}

function notFound(root: Location): MigrationError {
  return new MigrationError('FILE_NOT_FOUND', `${root}: there is no such directory. Restore it, or correct the location.`, {
    category: 'environment',
    retry: 'operator',
    subject: root,
  });
}

/** Object by object, and half done when it is interrupted: no way to publish anything. */
function notRenamed(from: Location): MigrationError {
  return new MigrationError('FILE_RENAME_UNSUPPORTED', `${from}: an object store renames no directory at once. Choose a place on HDFS.`, {
    category: 'request',
    retry: 'never',
    subject: from,
  });
}

function inTheWay(location: Location): MigrationError {
  return new MigrationError('FILE_STORE_FAILED', `${location}: a file is there, no directory can be made. Move it, then resume.`, {
    category: 'environment',
    retry: 'operator',
    subject: location,
  });
}
