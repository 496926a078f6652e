import { createHash } from 'node:crypto';
import { MigrationError, compareText, isBelowAny, isHidden, relativeTo } from '@hiveferry/core';
import type { CopyRoot, FileFact, Location } from '@hiveferry/core';
import type { FileStore } from '@hiveferry/ports';

/** The files of one copy root on one side, hidden and excluded ones left out, in order of their paths. */
export async function listFiles(
  files: FileStore,
  root: CopyRoot,
  { side, signal }: { readonly side: 'source' | 'target'; readonly signal: AbortSignal },
): Promise<readonly FileFact[]> {
  const top = root[side];
  const excluded = new Set(root.excluded.flatMap((location) => pathBelow(root.source, location)));
  const found: FileFact[] = [];
  for await (const status of files.walk(top, signal)) {
    const [path] = pathBelow(top, status.location);
    if (status.kind === 'directory' || path === undefined) continue;
    if (isHidden(path, root.registered) || isBelowAny(path, excluded)) continue;
    found.push({ root: root.id, path, sizeBytes: status.sizeBytes, modifiedAtMs: status.modifiedAtMs });
  }
  return found.sort((a, b) => compareText(a.path, b.path));
}

/** A directory that is not there holds nothing: what is missing is found by comparing. */
export async function listFilesIfAny(
  files: FileStore,
  root: CopyRoot,
  options: { readonly side: 'source' | 'target'; readonly signal: AbortSignal },
): Promise<readonly FileFact[]> {
  try {
    return await listFiles(files, root, options);
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'FILE_NOT_FOUND') return [];
    throw error;
  }
}

/** Names, sizes and times of files: equal digests mean that nobody wrote between two listings. */
export function listingDigest(files: readonly FileFact[]): string {
  const digest = createHash('sha256');
  for (const { path, sizeBytes, modifiedAtMs } of files) digest.update(JSON.stringify([path, sizeBytes, modifiedAtMs]));
  return digest.digest('hex');
}

function pathBelow(root: Location, location: Location): readonly string[] {
  const segments = relativeTo(location, root);
  return segments === undefined || segments.length === 0 ? [] : [segments.join('/')];
}
