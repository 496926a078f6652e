/** Where HiveServer2 gives no JSON: objects that are hard to print for people, on both Hives, against what Thrift gives. */
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import type { Parameters, Partition } from '@hiveferry/core';
import type { HiveSession, HiveSql, MetastoreReader } from '@hiveferry/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { LAB_READERS } from '../support/lab-readers.ts';
import { thriftOptions } from './metastore-stage.ts';

const DATABASE = 'ct_printed';

const STATEMENTS: readonly string[] = [
  `create database ${DATABASE} comment 'it\\'s a lake' with dbproperties ('a'='b=c', 'd'='{x, y=z}\\n;\\'q\\'')`,
  `create external table ${DATABASE}.plain (id int comment 'two\\nlines\\t"and" \\\\', v string) comment ' a comment ' row format delimited fields terminated by ' ' escaped by '\\\\' stored as textfile tblproperties ('blanks'=' x  ', 'none'='', 'lines'='a\\nb')`,
  `create external table ${DATABASE}.skewed (id int, v string) skewed by (v) on ('b, c', 'd') stored as textfile`,
  `create external table ${DATABASE}.parts (id int) partitioned by (dt string comment 'a "day"') row format delimited fields terminated by ' ' stored as textfile`,
  `alter table ${DATABASE}.parts add partition (dt='a=b/x') partition (dt='own')`,
  `alter table ${DATABASE}.parts partition (dt='own') set fileformat orc`,
  `alter table ${DATABASE}.parts partition (dt='own') set serdeproperties ('field.delim'='\\t', 'x'='é "q"')`,
  `create view ${DATABASE}.lines (x comment 'it\\'s "x"') comment 'a view' tblproperties ('p'='q') as select id\nfrom ${DATABASE}.plain\n\n  where v <> 'a;\\n b'\n  and id > 1`,
  `create view ${DATABASE}.tabs as select id\nfrom ${DATABASE}.plain where id > 123456789\tand id < 1234567890`,
  `create view ${DATABASE}.more_tabs as\tselect\t\tid,\tv\r\nfrom ${DATABASE}.plain where id in (1)\tor v = '\\\\n "q" \\' é\\t'`,
];

/** `fields-not-printed`: Hive 4 does not print that no file is erasure coded. */
function asPrinted<T extends { readonly parameters: Parameters }>(object: T): T {
  const { numFilesErasureCoded: count, ...parameters } = object.parameters;
  return count === '0' ? { ...object, parameters } : object;
}

describe.each(['source', 'target'] as const)("what is hard to print, on the lab's %s", (side) => {
  let hive: HiveSql;
  let session: HiveSession;
  let printed: MetastoreReader;
  let thrift: MetastoreReader;
  beforeAll(async () => {
    hive = createHiveSql({ ...readLab().clusters[side].hiveServer2, maxSessions: 1 });
    session = await hive.openSession();
    await session.execute(`drop database if exists ${DATABASE} cascade`);
    for (const statement of STATEMENTS) await session.execute(statement);
    printed = LAB_READERS['through HiveServer2, without JSON'](side);
    thrift = createMetastoreReader(thriftOptions(readLab(), side));
  });
  afterAll(async () => {
    await session.execute(`drop database if exists ${DATABASE} cascade`);
    await Promise.all([printed.close(), thrift.close(), hive.close()]);
  });

  it('is a database with properties of many kinds, read as it is', async () => {
    expect(await printed.database(DATABASE)).toEqual(await thrift.database(DATABASE));
  });

  it.each(['plain', 'skewed', 'lines', 'tabs', 'more_tabs'])('is a table or view, read as it is: %s', async (name) => {
    expect(await printed.tables(DATABASE, [name])).toEqual((await thrift.tables(DATABASE, [name])).map(asPrinted));
  });

  it('is a partition with a format and delimiters of its own, read as it is', async () => {
    const read = async (reader: MetastoreReader): Promise<readonly Partition[]> => {
      const all: Partition[] = [];
      for await (const batch of reader.partitions(DATABASE, 'parts')) all.push(...batch);
      return all;
    };
    expect(await read(printed)).toEqual((await read(thrift)).map(asPrinted));
  });
});
