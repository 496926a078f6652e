import type { Location, Namespace } from '@hiveferry/core';
import { MigrationError, below, namespaceOf, partsOf } from '@hiveferry/core';
import type { FileStatus, FileStore } from '@hiveferry/ports';
import type { WebHdfsClient, WebHdfsOptions } from './web-hdfs.client.ts';
import { isRecord, webHdfsClient } from './web-hdfs.client.ts';

export interface WebHdfsFileStoreOptions extends WebHdfsOptions {
  /** The namespace that these NameNodes serve. */
  readonly namespace: Namespace;
}

/** The HDFS of one cluster by WebHDFS: holds no connection that would have to be closed. */
export function createWebHdfsFileStore(options: WebHdfsFileStoreOptions): FileStore {
  const send = webHdfsClient(options);
  const listing: Listing = { send, isBatched: true };
  const own = (location: Location): readonly string[] => segmentsWithin(options.namespace, location);
  return {
    async status(location) {
      const body = await send({ method: 'GET', operation: 'GETFILESTATUS', segments: own(location), subject: location });
      const raw = isRecord(body) ? body['FileStatus'] : undefined;
      return raw === undefined ? undefined : { ...statusOf(raw, location), location };
    },
    async *walk(root, signal) {
      own(root);
      const first = await pageOf(listing, root, { signal });
      if (first === undefined) {
        throw notFound(root);
      }
      yield* walkFrom(listing, { root, first, signal });
    },
    async makeDirectory(location) {
      await send({ method: 'PUT', operation: 'MKDIRS', segments: own(location), subject: location });
    },
    async rename(from, to) {
      await renameDirectory({ send, pathOf: own, from, to });
    },
    async remove(location) {
      await send({ method: 'DELETE', operation: 'DELETE', segments: own(location), parameters: { recursive: 'true' }, subject: location });
    },
  };
}

interface Renaming {
  readonly send: WebHdfsClient;
  readonly pathOf: (location: Location) => readonly string[];
  readonly from: Location;
  readonly to: Location;
}

/** OVERWRITE replaces an empty directory and nothing else; without an option HDFS would move into one that is there. */
async function renameDirectory(renaming: Renaming): Promise<void> {
  const { send, pathOf, from, to } = renaming;
  const parameters = { destination: `/${pathOf(to).join('/')}`, renameoptions: 'OVERWRITE' };
  const answer = await send({ method: 'PUT', operation: 'RENAME', segments: pathOf(from), parameters, subject: from });
  if (answer === undefined) throw notFound(from);
  if (isRecord(answer) && 'boolean' in answer) await withoutOptions(renaming, answer['boolean'] === true);
}

/** HttpFS reads no options, and says how the rename went that moves into a directory which is there: that is taken back. */
async function withoutOptions({ send, pathOf, from, to }: Renaming, isRenamed: boolean): Promise<void> {
  const isThere = async (location: Location): Promise<boolean> =>
    (await send({ method: 'GET', operation: 'GETFILESTATUS', segments: pathOf(location), subject: location })) !== undefined;
  if (!isRenamed) throw (await isThere(from)) ? taken(from, to) : notFound(from);
  const inside = below(to, pathOf(from).slice(-1));
  if (!(await isThere(inside))) return;
  const parameters = { destination: `/${pathOf(from).join('/')}` };
  await send({ method: 'PUT', operation: 'RENAME', segments: pathOf(inside), parameters, subject: inside });
  throw taken(from, to);
}

interface Listing {
  readonly send: WebHdfsClient;
  /** LISTSTATUS_BATCH came with Hadoop 2.8; found out by the first call. */
  isBatched: boolean;
}

interface ListingPage {
  readonly entries: readonly FileStatus[];
  readonly hasMore: boolean;
}

interface Walk {
  readonly root: Location;
  readonly first: ListingPage;
  readonly signal: AbortSignal | undefined;
}

/** Listings of sub-directories asked for ahead: a table has thousands of them, each a round trip. */
const AHEAD = 8;

async function* walkFrom(listing: Listing, { root, first, signal }: Walk): AsyncGenerator<FileStatus> {
  let page: ListingPage | undefined = first;
  while (page !== undefined) {
    const { entries, hasMore }: ListingPage = page;
    const asked = new Map<Location, Promise<ListingPage | undefined>>();
    for (const [index, entry] of entries.entries()) {
      signal?.throwIfAborted();
      askAhead(listing, asked, { entries: entries.slice(index, index + AHEAD), signal });
      yield entry;
      // One that vanished meanwhile holds nothing.
      const inner = await asked.get(entry.location);
      asked.delete(entry.location);
      if (inner !== undefined) yield* walkFrom(listing, { root: entry.location, first: inner, signal });
    }
    const last = entries.at(-1);
    page = hasMore && last !== undefined ? await pageOf(listing, root, { signal, startAfter: nameOf(last) }) : undefined;
  }
}

function askAhead(
  listing: Listing,
  asked: Map<Location, Promise<ListingPage | undefined>>,
  next: { readonly entries: readonly FileStatus[]; readonly signal: AbortSignal | undefined },
): void {
  for (const { kind, location } of next.entries) {
    if (kind === 'file' || asked.has(location)) continue;
    const page = pageOf(listing, location, { signal: next.signal });
    // Awaited in its turn; without this a failure before then would end the process.
    page.catch(() => undefined);
    asked.set(location, page);
  }
}

/** @returns undefined when the directory is not there */
async function pageOf(
  listing: Listing,
  directory: Location,
  page: { readonly signal: AbortSignal | undefined; readonly startAfter?: string },
): Promise<ListingPage | undefined> {
  const request = { method: 'GET', segments: partsOf(directory).segments, subject: directory, signal: page.signal } as const;
  if (!listing.isBatched) return pageFrom(await listing.send({ ...request, operation: 'LISTSTATUS' }), directory);
  const parameters: Record<string, string> = page.startAfter === undefined ? {} : { startAfter: page.startAfter };
  try {
    return pageFrom(await listing.send({ ...request, operation: 'LISTSTATUS_BATCH', parameters }), directory);
  } catch (cause) {
    if (!(cause instanceof MigrationError) || cause.code !== 'FILE_OPERATION_UNKNOWN') throw cause;
    listing.isBatched = false;
    return pageOf(listing, directory, page);
  }
}

function pageFrom(body: unknown, directory: Location): ListingPage | undefined {
  if (!isRecord(body)) return undefined;
  const batch = isRecord(body['DirectoryListing']) ? body['DirectoryListing'] : undefined;
  const outer = batch === undefined ? body : batch['partialListing'];
  const statuses = isRecord(outer) ? outer['FileStatuses'] : undefined;
  const list = isRecord(statuses) ? statuses['FileStatus'] : undefined;
  if (!Array.isArray(list)) throw unreadable(directory);
  // A file lists itself, with an empty name: nothing lies below it.
  const entries = list.map((raw: unknown) => statusOf(raw, directory)).filter(({ location }) => location !== directory);
  return { entries, hasMore: Number(batch?.['remainingEntries'] ?? 0) > 0 };
}

function statusOf(raw: unknown, directory: Location): FileStatus {
  if (!isRecord(raw)) throw unreadable(directory);
  const name = raw['pathSuffix'];
  const [owner, group, permission] = [raw['owner'], raw['group'], raw['permission']];
  return {
    location: typeof name === 'string' && name !== '' ? below(directory, [name]) : directory,
    kind: raw['type'] === 'DIRECTORY' ? 'directory' : 'file',
    sizeBytes: Number(raw['length'] ?? 0),
    modifiedAtMs: Number(raw['modificationTime'] ?? 0),
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(typeof group === 'string' ? { group } : {}),
    ...(typeof permission === 'string' ? { permission } : {}),
  };
}

function nameOf(status: FileStatus): string {
  return partsOf(status.location).segments.at(-1) ?? '';
}

function segmentsWithin(namespace: Namespace, location: Location): readonly string[] {
  const found = namespaceOf(location);
  if (found === namespace) return partsOf(location).segments;
  throw new MigrationError(
    'FILE_NAMESPACE_UNKNOWN',
    `${location}: this cluster's file system is ${namespace}, ${found} is not known to it. Correct the location, or register the cluster that has it.`,
    { category: 'request', retry: 'operator', subject: location },
  );
}

function notFound(root: Location): MigrationError {
  return new MigrationError('FILE_NOT_FOUND', `${root}: there is no such directory. Restore it, or correct the location.`, {
    category: 'environment',
    retry: 'operator',
    subject: root,
  });
}

function taken(from: Location, to: Location): MigrationError {
  return new MigrationError('FILE_EXISTS', `${from}: ${to} is there, and HttpFS replaces no directory, not even an empty one. Remove it.`, {
    category: 'conflict',
    retry: 'operator',
    subject: from,
  });
}

function unreadable(subject: string): MigrationError {
  return new MigrationError(
    'FILE_STORE_FAILED',
    `${subject}: the answer is not one of WebHDFS. Check the address in the cluster's registration.`,
    { category: 'environment', retry: 'operator', subject },
  );
}
