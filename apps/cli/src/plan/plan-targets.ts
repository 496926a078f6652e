import { refused } from '../snapshot/place.ts';
import { clusterNameOf, openOffline } from './offline-cluster.ts';
import type { OfflineCluster } from './offline-cluster.ts';

interface TargetFiles {
  /** What stands there: `FILE`, or `NAME=FILE` for a file that does not say whose it is. */
  readonly data: readonly string[];
  /** Clusters as they are registered; each says its name. */
  readonly clusters: readonly string[];
}

/**
 * The targets of a request, in its order, each with the files that are of it.
 *
 * @throws MigrationError for a file that is of no target, and for a target that no file tells of
 */
export async function openTargets(names: readonly string[], { data, clusters }: TargetFiles): Promise<readonly OfflineCluster[]> {
  const dataOf = await byName('--target', data, names);
  const clusterOf = await byName('--target-cluster', clusters, names);
  const targets: OfflineCluster[] = [];
  for (const name of names) {
    const target = await openOffline({ side: 'target', data: dataOf.get(name), cluster: clusterOf.get(name), name });
    if (target.facts.name !== name) throw refused('targets', `The request names target ${name}; the files are of ${target.facts.name}.`);
    targets.push(target);
  }
  return targets;
}

async function byName(option: string, files: readonly string[], names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const given of files) {
    const { name, file } = await namedFile(option, given, names);
    if (!names.includes(name)) throw refused('targets', `The request names target ${names.join(', ')}; ${file} is of ${name}.`);
    if (found.has(name)) throw refused('targets', `ferry plan: ${option} names two files of ${name}: ${found.get(name) ?? ''} and ${file}`);
    found.set(name, file);
  }
  return found;
}

/** Of a request with one target every file is of it, and its facts are compared later. */
async function namedFile(
  option: string,
  given: string,
  names: readonly string[],
): Promise<{ readonly name: string; readonly file: string }> {
  const equals = given.indexOf('=');
  if (equals > 0 && names.includes(given.slice(0, equals))) return { name: given.slice(0, equals), file: given.slice(equals + 1) };
  const [only = ''] = names;
  if (names.length === 1) return { name: only, file: given };
  const name = await clusterNameOf(given, option === '--target-cluster' ? 'cluster' : 'data');
  if (name !== undefined) return { name, file: given };
  throw refused(
    'targets',
    `ferry plan: expected ${option} NAME=FILE, since ${given} does not say of which target it is: ${names.join(', ')}`,
  );
}
