import type { Location } from '@hiveferry/core';
import { MigrationError, below, isWithin, lastSegment, locate, partsOf, relativeTo } from '@hiveferry/core';
import type { FileStatus, FileStore } from '@hiveferry/ports';

export interface MemoryFileStore extends FileStore {
  /** Puts a file there, with its parents; of any namespace. */
  putFile(location: Location, sizeBytes: number, modifiedAtMs?: number): void;
}

/** A file system that holds names, sizes and times. */
export function createMemoryFileStore(): MemoryFileStore {
  const entries = new Map<Location, FileStatus>();
  const makeDirectory = (location: Location): void => {
    for (const directory of [...holdersOf(location), location]) {
      const found = entries.get(directory);
      if (found?.kind === 'file') throw inTheWay(location, directory);
      if (found === undefined) entries.set(directory, { location: directory, kind: 'directory', sizeBytes: 0, modifiedAtMs: 0 });
    }
  };
  return {
    async status(location) {
      return entries.get(location);
    },
    async *walk(root, signal) {
      if (!entries.has(root)) throw notFound(root);
      const found = [...entries.values()].filter(({ location }) => location !== root && isWithin(location, root));
      for (const status of found.sort((a, b) => compare(a.location, b.location, root))) {
        signal?.throwIfAborted();
        yield status;
      }
    },
    async makeDirectory(location) {
      makeDirectory(location);
    },
    async rename(from, to) {
      renameIn(entries, from, to);
    },
    async remove(location) {
      for (const inner of [...entries.keys()].filter((each) => isWithin(each, location))) entries.delete(inner);
    },
    putFile(location, sizeBytes, modifiedAtMs = 0) {
      const { namespace, segments } = partsOf(location);
      makeDirectory(locate(namespace, segments.slice(0, -1)));
      entries.set(location, { location: below(location, []), kind: 'file', sizeBytes, modifiedAtMs });
    },
  };
}

function renameIn(entries: Map<Location, FileStatus>, from: Location, to: Location): void {
  const moved = [...entries.values()].filter(({ location }) => isWithin(location, from));
  if (moved.length === 0) throw notFound(from);
  if (entries.get(to)?.kind === 'file' || [...entries.keys()].some((each) => each !== to && isWithin(each, to))) throw taken(from, to);
  for (const status of moved) {
    entries.delete(status.location);
    const location = below(to, relativeTo(status.location, from) ?? []);
    entries.set(location, { ...status, location });
  }
}

function holdersOf(location: Location): readonly Location[] {
  const { namespace, segments } = partsOf(location);
  return segments.map((_, count) => locate(namespace, segments.slice(0, count)));
}

/** Depth first; names by the signed bytes of their UTF-8, as HDFS has them. */
function compare(a: Location, b: Location, root: Location): number {
  const [left, right] = [relativeTo(a, root) ?? [], relativeTo(b, root) ?? []];
  const at = left.findIndex((segment, index) => segment !== right[index]);
  if (at < 0) return left.length - right.length;
  return compareSigned(Buffer.from(left[at] ?? ''), Buffer.from(right[at] ?? ''));
}

function compareSigned(a: Buffer, b: Buffer): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 || at >= b.length ? a.length - b.length : a.readInt8(at) - b.readInt8(at);
}

function notFound(root: Location): MigrationError {
  return new MigrationError('FILE_NOT_FOUND', `${root}: there is no such directory.`, {
    category: 'environment',
    retry: 'operator',
    subject: root,
  });
}

function taken(from: Location, to: Location): MigrationError {
  return new MigrationError('FILE_EXISTS', `${from}: the new name is taken: ${to}.`, {
    category: 'conflict',
    retry: 'operator',
    subject: from,
  });
}

function inTheWay(location: Location, file: Location): MigrationError {
  return new MigrationError('FILE_STORE_FAILED', `${location}: ${lastSegment(file) ?? file} is a file, no directory can be made there.`, {
    category: 'environment',
    retry: 'operator',
    subject: location,
  });
}
