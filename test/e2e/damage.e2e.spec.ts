/** Twelve damages done to a verified target behind the product's back, and a source that went on: each is found, each with its own code. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayName } from '@hiveferry/core';
import type { TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'dmg';

interface Damage {
  readonly table: string;
  readonly does: (stage: Stage) => Promise<void>;
  readonly code: string;
}

const onTarget =
  (sql: string) =>
  async (stage: Stage): Promise<void> =>
    await stage.target.execute(sql);
const files = (stage: Stage): Hdfs => new Hdfs(stage.lab.clusters.target.hdfs);
const path = (table: string, rest = ''): string => `/data/${DATABASE}/${table}${rest}`;

const DAMAGES: readonly Damage[] = [
  { table: 'byte_changed', code: 'CHECKSUM_DIFFERS', does: async (s) => await files(s).flipByte(path('byte_changed', '/a.txt')) },
  { table: 'file_missing', code: 'FILE_MISSING', does: async (s) => await files(s).remove(path('file_missing', '/b.txt')) },
  { table: 'file_extra', code: 'FILE_UNEXPECTED', does: async (s) => await files(s).write(path('file_extra', '/c.txt'), '') },
  {
    table: 'partition_missing',
    code: 'PARTITION_MISSING',
    does: onTarget(`alter table ${DATABASE}.partition_missing drop partition (p='x')`),
  },
  {
    table: 'partition_elsewhere',
    code: 'PARTITION_LOCATION_DIFFERS',
    does: async (s) => {
      const elsewhere = `${s.lab.clusters.target.hdfs.namespace}/data/elsewhere/p=x`;
      await files(s).makeDirectory('/data/elsewhere/p=x');
      await files(s).write('/data/elsewhere/p=x/a.txt', 'a,1\n');
      await s.target.execute(`alter table ${DATABASE}.partition_elsewhere partition (p='x') set location '${elsewhere}'`);
    },
  },
  {
    table: 'other_serde',
    code: 'SERDE_DIFFERS',
    does: onTarget(`alter table ${DATABASE}.other_serde set serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'`),
  },
  { table: 'column_type', code: 'COLUMN_TYPE_DIFFERS', does: onTarget(`alter table ${DATABASE}.column_type change n n bigint`) },
  {
    table: 'bucket_count',
    code: 'BUCKETING_DIFFERS',
    does: onTarget(`alter table ${DATABASE}.bucket_count clustered by (name) into 5 buckets`),
  },
  {
    table: 'purge_flag',
    code: 'PURGE_DIFFERS',
    does: onTarget(`alter table ${DATABASE}.purge_flag set tblproperties ('external.table.purge'='true')`),
  },
  { table: 'fake_rows', code: 'STATISTICS_DIFFER', does: onTarget(`alter table ${DATABASE}.fake_rows set tblproperties ('numRows'='99')`) },
  { table: 'comment', code: 'COMMENT_DIFFERS', does: onTarget(`alter table ${DATABASE}.comment set tblproperties ('comment'='another')`) },
  {
    table: 'source_changed',
    code: 'SOURCE_METADATA_CHANGED',
    does: async (s) => await s.source.execute(`alter table ${DATABASE}.source_changed add columns (later string)`),
  },
  { table: 'owner', code: 'OWNER_DIFFERS', does: onTarget(`alter table ${DATABASE}.owner set owner user mallory`) },
];

describe('damage on the target', () => {
  let stage: Stage;
  let before: ReadonlyMap<string, TableView>;
  let after: ReadonlyMap<string, TableView>;

  beforeAll(async () => {
    stage = await openStage('damage');
    await stage.dropDatabases([DATABASE]);
    await createSource(stage);
    const run = await stage.migrate({ databases: [DATABASE] });
    before = byName(await stage.api.tables(run.id));
    for (const damage of DAMAGES) await damage.does(stage);
    await stage.api.waitFor(await stage.api.command(run.id, 'verify'));
    after = byName(await stage.api.tables(run.id));
  }, 600_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('starts from tables that are all VERIFIED', () => {
    expect([...before.values()].map((table) => [displayName(table.source), table.state, table.evidence?.findings])).toEqual(
      [...before.keys()].map((name) => [`${DATABASE}.${name}`, 'VERIFIED', []]),
    );
    expect(before.size).toBe(DAMAGES.length + 1);
  });

  it.each(DAMAGES)('finds $code on $table', ({ table, code }) => {
    expect(after.get(table)?.state).toBe('NOT_VERIFIED');
    expect(after.get(table)?.evidence?.findings.map((finding) => finding.code)).toContain(code);
  });

  it('gives every damage a code that no other damage gives first', () => {
    const first = DAMAGES.map(({ table }) => after.get(table)?.evidence?.findings[0]?.code);
    expect(new Set(first).size).toBe(DAMAGES.length);
  });

  it('still finds nothing on the table that was left alone', () => {
    expect(after.get('untouched')?.state).toBe('VERIFIED');
    expect(after.get('untouched')?.evidence?.findings).toEqual([]);
  });
});

async function createSource(stage: Stage): Promise<void> {
  const hdfs = new Hdfs(stage.lab.clusters.source.hdfs);
  const namespace = stage.lab.clusters.source.hdfs.namespace;
  const names = [...DAMAGES.map((damage) => damage.table), 'untouched'];
  await stage.source.execute(`create database ${DATABASE}`);
  for (const name of names) {
    const isPartitioned = name.startsWith('partition_');
    const clustered = name === 'bucket_count' ? 'clustered by (name) into 2 buckets' : '';
    const partitioned = isPartitioned ? 'partitioned by (p string)' : '';
    await stage.source.execute(
      `create external table ${DATABASE}.${name} (name string, n int) comment 'as it was' ${partitioned} ${clustered} ` +
        `row format delimited fields terminated by ',' stored as textfile location '${namespace}${path(name)}'`,
    );
    const folder = isPartitioned ? path(name, '/p=x') : path(name);
    await hdfs.write(`${folder}/a.txt`, 'a,1\nb,2\nc,3\n');
    await hdfs.write(`${folder}/b.txt`, 'd,4\n');
    if (isPartitioned) await stage.source.execute(`alter table ${DATABASE}.${name} add partition (p='x') location '${namespace}${folder}'`);
  }
}

const byName = (tables: readonly TableView[]): ReadonlyMap<string, TableView> =>
  new Map(tables.map((table) => [table.source.table, table]));
