import { createMemoryFileStore, MemoryMetastore } from '@hiveferry/adapters/memory';
import type { MemoryFileStore } from '@hiveferry/adapters/memory';
import { MigrationError, below, isWithin, lastSegment, relativeTo } from '@hiveferry/core';
import type { Database, Table, TableName, TableWithPartitions } from '@hiveferry/core';
import type { ClusterClient, ClusterConnection, ClusterGateway, DistCpEnding, DistCpRequest, Row } from '@hiveferry/ports';

export interface FakeCluster extends ClusterClient {
  readonly metastore: MemoryMetastore;
  readonly files: MemoryFileStore;
  /** All HiveQL it was given. */
  readonly statements: string[];
  /** DistCp jobs that it started, by subject. */
  readonly copies: string[];
  /** Answers a statement: throws, or does what Hive would. */
  onStatement: (sql: string) => Promise<void>;
  /** Answers a query. */
  onQuery: (sql: string) => readonly Row[];
  /** Called in each DistCp job before anything is copied. */
  onCopy: (request: DistCpRequest) => Promise<void>;
  /** Called when what a step left running is to be ended. */
  onEndCopy: (ending: DistCpEnding) => Promise<void>;
}

/** A cluster in memory. Its DistCp reads the given source; checksums are made of a file's name and size; each table has three rows. */
export function fakeCluster(
  connection: ClusterConnection,
  {
    databases,
    tables = [],
    copiesFrom,
  }: { readonly databases: readonly Database[]; readonly tables?: readonly TableWithPartitions[]; readonly copiesFrom?: FakeCluster },
): FakeCluster {
  const metastore = new MemoryMetastore({ databases, tables });
  const files = createMemoryFileStore();
  const cluster: FakeCluster = {
    facts: connection.facts,
    metastore,
    metastoreWriter: metastore,
    files,
    statements: [],
    copies: [],
    onStatement: () => Promise.resolve(),
    onQuery: () => [['3']],
    onCopy: () => Promise.resolve(),
    onEndCopy: () => Promise.resolve(),
    hive: {
      openSession: () =>
        Promise.resolve({
          async execute(sql) {
            cluster.statements.push(sql);
            await cluster.onStatement(sql);
          },
          async query(sql) {
            cluster.statements.push(sql);
            return cluster.onQuery(sql);
          },
          close: () => Promise.resolve(),
        }),
      close: () => Promise.resolve(),
    },
    checksums: {
      async checksums(locations) {
        const entries = await Promise.all(
          locations.map(async (location) => {
            const status = await files.status(location);
            return [
              location,
              { algorithm: 'COMPOSITE-CRC32C', value: `${lastSegment(location) ?? ''}${String(status?.sizeBytes)}` },
            ] as const;
          }),
        );
        return { checksums: new Map(entries), failures: [] };
      },
    },
    distcp: {
      async run(request) {
        cluster.copies.push(request.subject);
        await cluster.onCopy(request);
        const filesCopied = await copyFiles(request, copiesFrom ?? cluster, cluster);
        const counters = { filesCopied, filesSkipped: 0, filesFailed: 0, bytesCopied: 0, bytesSkipped: 0, directoriesCopied: 0 };
        return { argv: ['distcp'], counters, logFile: '/logs/fake.log', durationMs: 1 };
      },
      end: (ending) => cluster.onEndCopy(ending),
    },
    objectStores: [],
    hadoopVersion: () => Promise.resolve('Hadoop 3.4.2'),
    hadoopSees: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return cluster;
}

export function fakeGateway(clusters: readonly FakeCluster[]): ClusterGateway {
  return {
    connect({ facts }) {
      const found = clusters.find((cluster) => cluster.facts.name === facts.name);
      if (found === undefined) throw new Error(`no fake cluster ${facts.name}`);
      return found;
    },
  };
}

/** What a CREATE statement names, read from backquoted identifiers; undefined for other statements. */
export function createdBy(sql: string): TableName | undefined {
  const match = /^create\s+(?:external\s+)?(?:table|view)\s+(?:if not exists\s+)?`([^`]+)`\s*\.\s*`([^`]+)`/i.exec(sql);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { database: match[1], table: match[2] };
}

export function refusedByHive(sql: string): MigrationError {
  return new MigrationError('HIVE_STATEMENT_FAILED', `FAILED: SemanticException in ${sql.slice(0, 40)}`, {
    category: 'environment',
    retry: 'never',
    subject: 'hive',
  });
}

export function aTable(name: string, changes: Partial<Table> = {}): Table {
  return {
    database: 'sales',
    name,
    tableType: 'EXTERNAL_TABLE',
    owner: { name: 'ann', type: 'USER' },
    storage: {
      columns: [
        { name: 'id', type: 'int' },
        { name: 'note', type: 'string' },
      ],
      location: `hdfs://left:8020/warehouse/external/sales.db/${name}`,
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      compressed: false,
      numBuckets: 0,
      serde: { serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: { 'serialization.format': '1' } },
      bucketColumns: [],
      sortColumns: [],
      storedAsSubDirectories: false,
      parameters: {},
    },
    partitionKeys: [],
    parameters: { EXTERNAL: 'TRUE', bucketing_version: '2' },
    ...changes,
  };
}

async function copyFiles({ job }: DistCpRequest, from: FakeCluster, to: FakeCluster): Promise<number> {
  if (job.kind !== 'pair') throw new Error('the fake copies pairs only');
  let copied = 0;
  for await (const { location, kind, sizeBytes } of from.files.walk(job.source)) {
    const path = relativeTo(location, job.source);
    if (kind === 'directory' || path === undefined || job.excluded.some((other) => isWithin(location, other))) continue;
    to.files.putFile(below(job.target, path), sizeBytes, 1);
    copied += 1;
  }
  return copied;
}
