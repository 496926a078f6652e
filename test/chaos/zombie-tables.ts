/** The tables at which executors are caught, named by the moment. */
import type { Sql } from '../support/stage.ts';
import { Hdfs } from '../support/hdfs.ts';
import type { SupervisedServices } from '../support/supervised-services.ts';

export const DATABASE = 'chaos_zombie';
export const TABLES = ['before_create', 'inside_create', 'inside_count', 'inside_attach'];
/** Moved by strategy SQL. */
export const ROWS_DATABASE = 'chaos_zombie_rows';
export const PLAIN_TABLES = ['before_insert', 'before_rename', 'inside_insert'];
/** Full ACID, and stay so: the source's executor is caught as well. */
export const ACID_TABLES = ['before_table_rename', 'inside_table_rename', 'inside_transfer'];
export const ROWS_TABLES = [...PLAIN_TABLES, ...ACID_TABLES];
/** Moved by strategy EXPORT_IMPORT. */
export const EXPORTS_DATABASE = 'chaos_zombie_exports';
export const EXPORTED_TABLES = ['before_export', 'before_import', 'inside_export'];
export const DATABASES = [DATABASE, ROWS_DATABASE, EXPORTS_DATABASE];
export const ALL_TABLES = [...TABLES, ...ROWS_TABLES, ...EXPORTED_TABLES].toSorted();
/** Of each of them. */
export const ROWS = [
  ['a', '1'],
  ['b', '2'],
];

export async function createSources(services: SupervisedServices, source: Sql | undefined): Promise<void> {
  await createSource(services, source);
  await createRowsSource(services, source);
  await createPlainTables(services, source, { database: EXPORTS_DATABASE, tables: EXPORTED_TABLES });
}

async function createSource({ lab }: SupervisedServices, source: Sql | undefined): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    const folder = `/data/${DATABASE}/${table}`;
    const isPartitioned = table === 'inside_attach';
    await source?.execute(
      `create external table ${DATABASE}.${table} (name string, n int) ${isPartitioned ? 'partitioned by (day string)' : ''} ` +
        `row format delimited fields terminated by ',' stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder}'`,
    );
    if (!isPartitioned) {
      await hdfs.write(`${folder}/a.txt`, 'a,1\nb,2\n');
      continue;
    }
    for (const day of ['day=2024-01-01', 'day=2024-01-02']) await hdfs.write(`${folder}/${day}/a.txt`, 'a,1\n');
    await source?.execute(`msck repair table ${DATABASE}.${table}`);
  }
}

async function createRowsSource(services: SupervisedServices, source: Sql | undefined): Promise<void> {
  await createPlainTables(services, source, { database: ROWS_DATABASE, tables: PLAIN_TABLES });
  for (const table of ACID_TABLES) {
    await source?.execute(
      `create table ${ROWS_DATABASE}.${table} (name string, n int) stored as orc tblproperties ('transactional'='true')`,
    );
    await source?.execute(`insert into ${ROWS_DATABASE}.${table} values ('a', 1), ('b', 2)`);
  }
}

async function createPlainTables(
  { lab }: SupervisedServices,
  source: Sql | undefined,
  { database, tables }: { readonly database: string; readonly tables: readonly string[] },
): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source?.execute(`create database ${database}`);
  for (const table of tables) {
    const folder = `/data/${database}/${table}`;
    await source?.execute(
      `create external table ${database}.${table} (name string, n int) row format delimited fields terminated by ',' ` +
        `stored as textfile location '${lab.clusters.source.hdfs.namespace}${folder}'`,
    );
    await hdfs.write(`${folder}/a.txt`, 'a,1\nb,2\n');
  }
}
