import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import type { Table } from '@hiveferry/core';
import { openHive } from '../../../lab/src/hive-session.ts';
import { definitionsOf } from '../../../lab/src/data/catalog.ts';
import type { HiveSession } from '../../../lab/src/hive-session.ts';
import type { Lab } from '../../../lab/src/index.ts';
import { Hdfs } from '../../support/hdfs.ts';
import { ORACLE_DATABASE, TABLES, VIEWS } from './tables.ts';

/** One table as Hive prints it and as its metastore holds it, without what differs from lab to lab. */
export interface RecordedDdl {
  readonly lines: readonly string[];
  readonly table: Table;
}

export type LabSide = keyof Lab['clusters'];

/** Makes the oracle's tables, reads them and those of other databases, and drops them again. */
export async function recordDdl(lab: Lab, side: LabSide, others: readonly string[] = []): Promise<readonly RecordedDdl[]> {
  const cluster = lab.clusters[side];
  const session = await openHive(cluster.hiveServer2);
  try {
    await dropAll(session);
    await session.execute(`create database ${ORACLE_DATABASE}`);
    for (const statement of [...Object.values(TABLES), ...Object.values(VIEWS)]) await session.execute(statement);
    const records: RecordedDdl[] = [];
    for (const database of [ORACLE_DATABASE, ...others]) records.push(...(await recordDatabase(lab, side, { session, database })));
    return records;
  } finally {
    await dropAll(session);
    await session.close();
    await new Hdfs(cluster.hdfs).remove('/data/oracle_ddl');
  }
}

/** A table that has a materialised view cannot be dropped before it. */
async function dropAll(session: HiveSession): Promise<void> {
  const databases = await session.query(`show databases like '${ORACLE_DATABASE}'`);
  if (databases.length === 0) return;
  await session.execute(`drop materialized view if exists ${ORACLE_DATABASE}.materialized`);
  await session.execute(`drop database ${ORACLE_DATABASE} cascade`);
}

async function recordDatabase(
  lab: Lab,
  side: LabSide,
  { session, database }: { readonly session: HiveSession; readonly database: string },
): Promise<readonly RecordedDdl[]> {
  const { metastoreUri, hdfs } = lab.clusters[side];
  const { hostname, port } = new URL(metastoreUri);
  const reader = createMetastoreReader({ host: hostname, port: Number(port) });
  try {
    const records: RecordedDdl[] = [];
    for await (const tables of reader.allTables(database)) {
      for (const table of tables) {
        const rows = await session.query(`show create table \`${database}\`.\`${table.name}\``);
        records.push(neutral({ lines: rows.map(([line = '']) => line), table: withoutStatistics(table) }, hdfs.namespace));
      }
    }
    return records;
  } finally {
    await reader.close();
  }
}

/** The lab's ports, the time of the record and names that Hive makes up from it are no part of the answer. */
function neutral(record: RecordedDdl, namespace: string): RecordedDdl {
  const text = JSON.stringify(record)
    .replaceAll(namespace, 'hdfs://lab:8020')
    .replaceAll(/((?:transient_lastDdlTime|last_modified_time)\\?'?"?[:=]\\?'?"?)\d+/g, '$11700000000')
    .replaceAll(/`(pk|uk|nn|dc)_\d+_\d+_\d+`/g, '`$1_0`');
  return JSON.parse(text) as RecordedDdl;
}

/** Where each side's answers are kept. */
export const RECORDS: Readonly<Record<LabSide, string>> = {
  source: join(import.meta.dirname, 'recorded', 'hive-3.1.3.json'),
  target: join(import.meta.dirname, 'recorded', 'hive-4.0.1.json'),
};

/** Databases of the lab's data set, which is loaded on the source. */
export const LAB_DATABASES: Readonly<Record<LabSide, readonly string[]>> = {
  source: [...new Set(definitionsOf('tiny').map(({ db }) => db))].sort(),
  target: [],
};

export function readRecords(side: LabSide): readonly RecordedDdl[] {
  return JSON.parse(readFileSync(RECORDS[side], 'utf8')) as readonly RecordedDdl[];
}

/** Statistics that Hive keeps among a table's parameters; SHOW CREATE TABLE does not print them, and any reader may change them. */
const STATISTICS = new Set(['COLUMN_STATS_ACCURATE', 'numFiles', 'numRows', 'rawDataSize', 'totalSize', 'numFilesErasureCoded']);

export function withoutStatistics(table: Table): Table {
  return { ...table, parameters: Object.fromEntries(Object.entries(table.parameters).filter(([key]) => !STATISTICS.has(key))) };
}
