import { MigrationError, namespaceOf } from '@hiveferry/core';
import type { FileChecksum, Location, Namespace } from '@hiveferry/core';
import type { ChecksumFailure, ChecksumReader, ChecksumResult, FileStore } from '@hiveferry/ports';

/** One file system of a cluster. */
export interface RoutedStore {
  readonly namespace: Namespace;
  readonly files: FileStore;
  readonly checksums: ChecksumReader;
}

/** All file systems of a cluster as one: the namespace of a location says which one serves it. Fault FILE_NAMESPACE_UNKNOWN. */
export function routedFiles(cluster: string, stores: readonly RoutedStore[]): FileStore {
  const filesOf = (location: Location): FileStore => storeOf(cluster, stores, location).files;
  return {
    status: async (location) => await filesOf(location).status(location),
    walk: (root, signal) => filesOf(root).walk(root, signal),
    makeDirectory: async (location) => await filesOf(location).makeDirectory(location),
    rename: async (from, to) => await filesOf(from).rename(from, to),
    remove: async (location) => await filesOf(location).remove(location),
  };
}

/** Checksums of files that may lie in several stores, each asked once. */
export function routedChecksums(cluster: string, stores: readonly RoutedStore[]): ChecksumReader {
  return {
    async checksums(files, signal) {
      const byStore = Map.groupBy(files, (file) => storeOf(cluster, stores, file));
      return merged(await Promise.all([...byStore].map(([store, own]) => store.checksums.checksums(own, signal))));
    },
  };
}

function merged(results: readonly ChecksumResult[]): ChecksumResult {
  const checksums = new Map<Location, FileChecksum>(results.flatMap((result) => [...result.checksums]));
  const failures: readonly ChecksumFailure[] = results.flatMap((result) => result.failures);
  const reRead = results.flatMap((result) => result.reRead ?? []);
  if (reRead.length === 0) return { checksums, failures };
  const sum = (key: 'files' | 'bytes'): number => reRead.reduce((total, each) => total + each[key], 0);
  return { checksums, failures, reRead: { files: sum('files'), bytes: sum('bytes') } };
}

function storeOf(cluster: string, stores: readonly RoutedStore[], location: Location): RoutedStore {
  const wanted = namespaceOf(location);
  const found = stores.find(({ namespace }) => namespace === wanted);
  if (found !== undefined) return found;
  const known = stores.map(({ namespace }) => namespace).join(', ');
  throw new MigrationError(
    'FILE_NAMESPACE_UNKNOWN',
    `${location}: cluster ${cluster} has ${known}, and not ${wanted}. Correct the location, or register the bucket among the cluster's objectStores.`,
    { category: 'request', retry: 'operator', subject: location },
  );
}
