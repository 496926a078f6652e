import type { SnapshotCluster } from '@hiveferry/contracts';
import { parseLocation, parseNamespace, parsePartitionName } from '@hiveferry/core';
import type { ClusterFacts, Location, RecordedTable } from '@hiveferry/core';
import { readSnapshot } from '../live.module.ts';
import { OFFLINE_PARTS } from '../cli.module.ts';
import type { DataSetDatabase } from '../cli.module.ts';
import { entriesOf, snapshotPieces } from '../snapshot/entries.ts';
import type { Entry } from '../snapshot/entries.ts';
import { liveClusterOf, refused } from '../snapshot/place.ts';

/** One side of an offline plan: what it holds, and the facts of its cluster. */
export interface OfflineCluster {
  readonly facts: ClusterFacts;
  /** From the beginning, each time. */
  readonly entries: () => AsyncIterable<Entry>;
}

interface SideFiles {
  readonly side: 'source' | 'target';
  /** A snapshot, or a data set of hms-mirror. @default an empty metastore */
  readonly data?: string | undefined;
  /** The cluster as it is registered. @default what the snapshot says of it */
  readonly cluster?: string | undefined;
  /** Which target, for messages. */
  readonly name?: string;
}

/** Whose a file is; undefined for one that does not say it. */
export async function clusterNameOf(file: string, kind: 'data' | 'cluster'): Promise<string | undefined> {
  if (kind === 'cluster') return liveClusterOf(file).facts?.name;
  return isDataSet(file) ? undefined : (await headerOf(file))?.name;
}

const isDataSet = (file: string): boolean => /\.ya?ml$/.test(file);

export async function openOffline({ side, data, cluster, name }: SideFiles): Promise<OfflineCluster> {
  if (data !== undefined && /^(?:thrift|jdbc:\w+):/.test(data)) {
    throw refused(
      side,
      `ferry plan: --${side} expects a file, found an address: ferry snapshot writes what is there to a file, and --${side} takes that`,
    );
  }
  const isData = data !== undefined && isDataSet(data);
  const recorded = data === undefined || isData ? undefined : await headerOf(data);
  const known = cluster === undefined ? recorded : liveClusterOf(cluster).facts;
  if (known === undefined) {
    throw refused(
      side,
      `ferry plan: expected --${side}-cluster FILE, the cluster${name === undefined ? '' : ` ${name}`} as POST /v1/clusters takes it: ${data ?? 'no file'} does not say what it is`,
    );
  }
  const facts = factsOf(known, side);
  return {
    facts,
    entries: () => (data === undefined ? nothing() : isData ? dataSetEntries(data, side) : entriesOf(snapshotPieces(readSnapshot(data)))),
  };
}

async function headerOf(file: string): Promise<SnapshotCluster | undefined> {
  for await (const line of readSnapshot(file)) return line.type === 'snapshot' ? line.source : undefined;
  return undefined;
}

function factsOf({ name, hiveVersion, namespace: text, environment }: SnapshotCluster, side: string): ClusterFacts {
  const namespace = parseNamespace(text);
  const hiveMajor = ([1, 2, 3, 4] as const).find((major) => hiveVersion.startsWith(`${major}.`));
  if (namespace === undefined || hiveMajor === undefined)
    throw refused(side, `ferry plan: ${side}: ${text} or ${hiveVersion} cannot be understood`);
  const warehouse = (key: string): Location => {
    const location = parseLocation(environment[key] ?? '', namespace);
    if (location !== undefined) return location;
    throw refused(
      side,
      `ferry plan: the ${side}'s snapshot does not say ${key}: take it with --cluster FILE, or say --${side}-cluster FILE`,
    );
  };
  const blockSizeBytes = Number(environment['dfs.blocksize']);
  return {
    name,
    hiveMajor,
    namespace,
    managedWarehouse: warehouse('hive.metastore.warehouse.dir'),
    externalWarehouse: warehouse('hive.metastore.warehouse.external.dir'),
    ...(blockSizeBytes > 0 ? { blockSizeBytes } : {}),
  };
}

async function* nothing(): AsyncGenerator<never> {
  // An empty metastore.
}

interface DataSetSide {
  readonly file: string;
  readonly side: 'source' | 'target';
}

/** hms-mirror's file says of a partition its name and place: everything else is as its table's. */
async function* dataSetEntries(file: string, side: 'source' | 'target'): AsyncGenerator<Entry> {
  const dataSet = OFFLINE_PARTS.openDataSet(file);
  try {
    for (const database of dataSet.databases) yield* databaseEntries(database, { file, side });
  } finally {
    dataSet.close();
  }
}

/** A data set names those of its source. */
const functionsOf = ({ functions = [] }: DataSetDatabase, side: 'source' | 'target'): readonly string[] =>
  side === 'source' ? functions : [];

function* databaseEntries(database: DataSetDatabase, { file, side }: DataSetSide): Generator<Entry> {
  const head = database[side];
  if (head !== undefined) yield { kind: 'database', name: database.name, database: head, functions: functionsOf(database, side) };
  for (const entry of database.entries()) {
    if (entry.kind === 'unreadable') throw refused(entry.name, `${file}: ${database.name}.${entry.name}: ${entry.reason}`);
    const recorded = entry.pair[side];
    if (recorded !== undefined) yield tableEntry(recorded);
  }
}

function tableEntry({ table, partitions }: RecordedTable): Entry {
  return {
    kind: 'table',
    name: `${table.database}.${table.name}`,
    table,
    partitions: partitions.map(({ name, location }) => {
      const { location: _, ...storage } = table.storage;
      const values = (parsePartitionName(name) ?? []).map(({ value }) => value);
      return { values, parameters: {}, storage: location === undefined ? storage : { ...storage, location } };
    }),
  };
}
