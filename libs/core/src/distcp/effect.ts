import type { Location } from '../model/location.ts';
import { below, locate, partsOf, relativeTo } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { sourcesOf } from './arguments.ts';
import { pathFilter } from './filters.ts';

export interface TreeEntry {
  readonly location: Location;
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  /** Anything that tells contents apart, such as a checksum. Where one side has none, equal sizes count as equal files. */
  readonly content?: string;
}

/** What lies at and below the sources and the target, in any order. Directories that hold an entry need not be listed. */
export interface CopyWorld {
  readonly source: readonly TreeEntry[];
  readonly target: readonly TreeEntry[];
}

export interface LandedFile {
  readonly source: Location;
  readonly target: Location;
  readonly sizeBytes: number;
  /** `skipped`: the existing target file is left as it is; with `-update` since it is equal, in a list unread. */
  readonly action: 'copied' | 'skipped';
}

export const COPY_REFUSALS = ['SOURCE_MISSING', 'TARGET_IS_FILE', 'DUPLICATE_FILES', 'KINDS_DIFFER'] as const;
export type CopyRefusal = (typeof COPY_REFUSALS)[number];

export type CopyEffect =
  | {
      readonly kind: 'copied';
      /** Sorted by target. */
      readonly files: readonly LandedFile[];
      /** Directories at or below the target that are not there before and are there after, sorted. */
      readonly directoriesMade: readonly Location[];
    }
  | { readonly kind: 'refused'; readonly code: CopyRefusal; readonly subject: Location; readonly exitCode: 25 | 254 | 255 };

/**
 * Where each file of a copy job lands, as DistCp 3 does it: copied behaviour of `SimpleCopyListing.computeSourceRootPath`,
 * `CopyListing.validateFinalListing` and `CopyMapper.canSkip`. Globs do not occur: the printer escapes them.
 * Not told: files that `-pb` copies again since only their block size differs.
 */
export function effectOf(job: CopyJob, world: CopyWorld): CopyEffect {
  const source = treeOf(world.source);
  const target = treeOf(world.target);
  const missing = sourcesOf(job).find((location) => !source.has(location));
  if (missing !== undefined) return { kind: 'refused', code: 'SOURCE_MISSING', subject: missing, exitCode: 255 };
  if (isFileInTheWay(job, source, target)) return { kind: 'refused', code: 'TARGET_IS_FILE', subject: job.target, exitCode: 255 };
  const listing = listingOf(job, source, target);
  const duplicate = duplicateOf(listing);
  if (duplicate !== undefined) return { kind: 'refused', code: 'DUPLICATE_FILES', subject: duplicate, exitCode: 254 };
  const clash = listing.find(({ entry, to }) => (target.get(to)?.kind ?? entry.kind) !== entry.kind);
  if (clash !== undefined) return { kind: 'refused', code: 'KINDS_DIFFER', subject: clash.to, exitCode: 25 };
  return landed(job, listing, target);
}

type Tree = ReadonlyMap<Location, TreeEntry>;

interface Listed {
  readonly entry: TreeEntry;
  readonly to: Location;
}

function treeOf(entries: readonly TreeEntry[]): Tree {
  const tree = new Map<Location, TreeEntry>();
  for (const entry of entries) {
    tree.set(entry.location, entry);
    for (const location of holdersOf(entry.location)) {
      if (!tree.has(location)) tree.set(location, { location, kind: 'directory', sizeBytes: 0 });
    }
  }
  return tree;
}

function isFileInTheWay(job: CopyJob, source: Tree, target: Tree): boolean {
  if (target.get(job.target)?.kind !== 'file') return false;
  const sources = sourcesOf(job);
  return sources.length > 1 || sources.some((location) => source.get(location)?.kind !== 'file');
}

function listingOf(job: CopyJob, source: Tree, target: Tree): readonly Listed[] {
  const isLeftOut = pathFilter(job);
  return sourcesOf(job).flatMap((location) => {
    const root = copyRoot(job, location, { source, target });
    return [...source.values()].flatMap((entry): readonly Listed[] => {
      const path = relativeTo(entry.location, location);
      if (path === undefined || isLeftOut(entry.location)) return [];
      // With -update the root itself is not in the listing: so an empty source makes no target.
      if (path.length === 0 && entry.kind === 'directory' && job.kind === 'pair') return [];
      return [{ entry, to: below(job.target, relativeTo(entry.location, root) ?? []) }];
    });
  });
}

/** The place that becomes the target: the source itself, or its parent so that the source keeps its name below the target. */
function copyRoot(job: CopyJob, source: Location, trees: { readonly source: Tree; readonly target: Tree }): Location {
  const isOnly = sourcesOf(job).length === 1;
  const existing = trees.target.get(job.target);
  if (trees.source.get(source)?.kind === 'file') {
    return isOnly && existing?.kind !== 'directory' ? source : parentOf(source);
  }
  return job.kind === 'pair' || (isOnly && existing === undefined) ? source : parentOf(source);
}

function duplicateOf(listing: readonly Listed[]): Location | undefined {
  const seen = new Set<Location>();
  return listing.find(({ to }) => seen.size === seen.add(to).size)?.to;
}

function landed(job: CopyJob, listing: readonly Listed[], target: Tree): CopyEffect {
  const files = listing
    .filter(({ entry }) => entry.kind === 'file')
    .map(({ entry, to }): LandedFile => ({
      source: entry.location,
      target: to,
      sizeBytes: entry.sizeBytes,
      action: canSkip(job, entry, target.get(to)) ? 'skipped' : 'copied',
    }));
  const made = listing
    .flatMap(({ entry, to }) => [...(entry.kind === 'directory' ? [to] : []), ...holdersOf(to)])
    .filter((location) => relativeTo(location, job.target) !== undefined && !target.has(location));
  return { kind: 'copied', files: files.sort((a, b) => (a.target < b.target ? -1 : 1)), directoriesMade: [...new Set(made)].sort() };
}

function canSkip(job: CopyJob, source: TreeEntry, existing: TreeEntry | undefined): boolean {
  if (existing === undefined) return false;
  if (job.kind === 'list') return true;
  if (source.sizeBytes !== existing.sizeBytes) return false;
  return source.content === undefined || existing.content === undefined || source.content === existing.content;
}

function parentOf(location: Location): Location {
  const { namespace, segments } = partsOf(location);
  return locate(namespace, segments.slice(0, -1));
}

/** All directories that hold a location, outermost first. */
function holdersOf(location: Location): readonly Location[] {
  const { namespace, segments } = partsOf(location);
  return segments.map((_, count) => locate(namespace, segments.slice(0, count)));
}
