import type { Table } from '@hiveferry/core';
import type { ClusterClient, ClusterConnection, ClusterGateway, MetastoreReader } from '@hiveferry/ports';
import { connectionOf } from '../support/stores.ts';
import { aTable, fakeCluster } from '../support/fake-cluster.ts';

export const SCALE_DATABASES = 4;
const TABLES_A_PAGE = 1_000;

export const scaleDatabases: readonly string[] = Array.from({ length: SCALE_DATABASES }, (_, index) => `db_${String(index)}`);

/** `left` has so many tables, which are made when they are asked for; `right` has databases and no tables. */
export function scaleGateway(tables: number): ClusterGateway {
  const perDatabase = Math.ceil(tables / SCALE_DATABASES);
  const clusters = new Map<string, ClusterClient>([
    ['left', clusterWith(connectionOf('left', 3), perDatabase)],
    ['right', clusterWith(connectionOf('right', 4), 0)],
  ]);
  return {
    connect({ facts }) {
      const cluster = clusters.get(facts.name);
      if (cluster === undefined) throw new Error(`no cluster ${facts.name} in this benchmark`);
      return cluster;
    },
  };
}

function clusterWith(connection: ClusterConnection, tables: number): ClusterClient {
  return { ...fakeCluster(connection, { databases: [] }), metastore: metastoreOf(tables) };
}

/** Nothing is kept: what memory shows is the planner's own. */
function metastoreOf(count: number): MetastoreReader {
  const names = function* (): Iterable<string> {
    for (let index = 0; index < count; index += 1) yield `t${String(index).padStart(7, '0')}`;
  };
  return {
    databaseNames: () => Promise.resolve(scaleDatabases),
    database: (name) => Promise.resolve({ name, parameters: {} }),
    functionNames: () => Promise.resolve([]),
    async *tableNames() {
      yield* pagesOf(names());
    },
    tables: (database, asked) => Promise.resolve(count === 0 ? [] : asked.map((name) => tableOf(database, name))),
    async *allTables(database) {
      for (const page of pagesOf(names())) yield page.map((name) => tableOf(database, name));
    },
    async *partitions() {
      yield* [];
    },
    close: () => Promise.resolve(),
  };
}

function tableOf(database: string, name: string): Table {
  const table = aTable(name, { database });
  return { ...table, storage: { ...table.storage, location: `hdfs://left:8020/warehouse/external/${database}.db/${name}` } };
}

function* pagesOf(names: Iterable<string>): Iterable<readonly string[]> {
  const page: string[] = [];
  for (const name of names) {
    page.push(name);
    if (page.length === TABLES_A_PAGE) yield page.splice(0);
  }
  if (page.length > 0) yield page;
}
