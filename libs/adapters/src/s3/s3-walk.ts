import type { Location } from '@hiveferry/core';
import { below } from '@hiveferry/core';
import type { FileStatus } from '@hiveferry/ports';
import type { S3Bucket, S3Object } from './s3-bucket.ts';

/** How older Hadoop versions mark a directory. */
export const FOLDER_SUFFIX = '_$folder$';

export interface WalkOptions {
  readonly root: Location;
  readonly signal?: AbortSignal | undefined;
}

/** All objects under a prefix in the order of their keys, a page of a thousand at a time. */
export async function* objectsBelow(bucket: S3Bucket, prefix: string, { root, signal }: WalkOptions): AsyncGenerator<S3Object> {
  let after: string | undefined;
  do {
    const { objects, next } = await bucket.list({ prefix, after }, { subject: root, signal });
    yield* objects;
    after = next;
  } while (after !== undefined);
}

/**
 * Makes a tree of keys, holding no more of it than the directories on the way: the keys of a directory stand together. Markers of
 * directories are not files; keys that no path can name (`a//b`) are left out, since Hadoop cannot reach them either.
 */
export async function* treeOf(objects: AsyncIterable<S3Object>, prefix: string, { root, signal }: WalkOptions): AsyncGenerator<FileStatus> {
  let open: readonly string[] = [];
  for await (const { key, sizeBytes, modifiedAtMs } of objects) {
    signal?.throwIfAborted();
    const path = key.slice(prefix.length);
    const isMarker = path.endsWith('/');
    const segments = (isMarker ? path.slice(0, -1) : path).split('/');
    if (path === '' || path.endsWith(FOLDER_SUFFIX) || !segments.every(isName)) continue;
    const directories = isMarker ? segments : segments.slice(0, -1);
    for (const depth of newDepths(open, directories)) yield directoryAt(below(root, directories.slice(0, depth)));
    open = directories;
    if (!isMarker) yield { location: below(root, segments), kind: 'file', sizeBytes, modifiedAtMs };
  }
}

export function directoryAt(location: Location): FileStatus {
  return { location, kind: 'directory', sizeBytes: 0, modifiedAtMs: 0 };
}

/** Lengths of the leading parts of a path that are not those of the path before. */
function newDepths(open: readonly string[], directories: readonly string[]): readonly number[] {
  const at = directories.findIndex((name, index) => open[index] !== name);
  return at < 0 ? [] : directories.slice(at).map((_, index) => at + index + 1);
}

function isName(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..';
}
