/**
 * What the metastore contract is tried on: said once as HiveQL and partitions for a real metastore, once as values for the fake.
 * Locations are left to Hive; the values' hold only what the contract compares.
 */
import type { MemoryMetastoreContent } from '@hiveferry/adapters/memory';
import { parseLocation, partitionName } from '@hiveferry/core';
import type { Column, Partition, StorageDescriptor, Table, TableWithPartitions } from '@hiveferry/core';
import type { PartitionMove } from '@hiveferry/ports';

export const READER_DATABASE = 'ct_reader_main';
export const MANY_DATABASE = 'ct_reader_many';
export const EMPTY_DATABASE = 'ct_reader_empty';
export const CONTRACT_DATABASES = [READER_DATABASE, MANY_DATABASE, EMPTY_DATABASE];

export const MANY = 1_001;
export const manyNames: readonly string[] = Array.from({ length: MANY }, (_, i) => `t${String(i).padStart(4, '0')}`);

/** Partitions of tables that have more than a batch of a reader. */
export const NUMBERED_PARTITIONS = { many_parts: MANY, some_parts: 101 } as const;
export type NumberedTable = keyof typeof NUMBERED_PARTITIONS;

export const TABLE_COMMENT = 'it\'s a "table", größer als 日本';
export const COLUMN_COMMENT = 'col\'umn "quoted" ñ';
export const PARTITION_VALUES: readonly (readonly string[])[] = [
  ['2024-01-01', '1'],
  ['__HIVE_DEFAULT_PARTITION__', '2'],
  ['a=b', '3'],
  ['x/y', '3'],
  ['%3A', '4'],
  ['sp ace', '5'],
  ['größe', '6'],
];
export const ORC_PARTITION: readonly string[] = ['x/y', '3'];

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** HiveQL that both 3.1.3 and 4.0.1 understand. */
export const FIXTURE_STATEMENTS: readonly string[] = [
  `create external table ${READER_DATABASE}.plain (id int comment ${quoted(COLUMN_COMMENT)}, v string) comment ${quoted(TABLE_COMMENT)} stored as textfile tblproperties ('quoted'='a "b" ; c')`,
  `create external table ${READER_DATABASE}.bucketed (id int, v string) clustered by (id) sorted by (id desc, v asc) into 4 buckets stored as orc`,
  `create external table ${READER_DATABASE}.skewed (id int, v string) skewed by (id, v) on ((1, 'a'), (2, 'b')) stored as directories stored as textfile`,
  `create table ${READER_DATABASE}.insert_only (id int) stored as textfile tblproperties ('transactional'='true', 'transactional_properties'='insert_only')`,
  `create external table ${READER_DATABASE}.parts (id int) partitioned by (dt string comment 'day', n int) stored as textfile`,
  `create external table ${READER_DATABASE}.many_parts (id int) partitioned by (p int) stored as textfile`,
  `create external table ${READER_DATABASE}.some_parts (id int) partitioned by (p int) stored as textfile`,
  `create external table ${READER_DATABASE}.vanishing (id int) stored as textfile`,
  `create view ${READER_DATABASE}.a_view (x comment 'from plain') comment 'a view' as select id from ${READER_DATABASE}.plain`,
];

export const FUNCTION_NAMES = ['mask', 'shout'];
export const FUNCTION_CLASS = 'org.apache.hadoop.hive.ql.udf.generic.GenericUDFUpper';

export const TABLE_NAMES = ['a_view', 'bucketed', 'insert_only', 'many_parts', 'parts', 'plain', 'skewed', 'some_parts', 'vanishing'];

const TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: { serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: { 'serialization.format': '1' } },
};
const ORC = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serde: { serializationLib: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: { 'serialization.format': '1' } },
};

const int = (name: string): Column => ({ name, type: 'int' });

const storage = (more: Partial<StorageDescriptor> = {}): StorageDescriptor => ({
  columns: [int('id')],
  compressed: false,
  numBuckets: 0,
  ...TEXT,
  bucketColumns: [],
  sortColumns: [],
  storedAsSubDirectories: false,
  parameters: {},
  ...more,
});

/** Partitions to be added to `parts`: one in ORC, each where `locate` puts it. */
export function contractPartitions(locate: (values: readonly string[]) => string): readonly Partition[] {
  return PARTITION_VALUES.map((values) => {
    const format = values === ORC_PARTITION || values[0] === ORC_PARTITION[0] ? ORC : TEXT;
    return { values, storage: storage({ ...format, location: locate(values) }), parameters: {} };
  });
}

const PART_KEYS: readonly Column[] = [
  { name: 'dt', type: 'string' },
  { name: 'n', type: 'int' },
];

/** From where a partition of `parts` lies. */
export function moveOf({ values, storage }: Pick<Partition, 'values' | 'storage'>, place: string): PartitionMove {
  const [from, to] = [parseLocation(storage.location ?? ''), parseLocation(place)];
  if (from === undefined || to === undefined) throw new Error(`no place: ${storage.location ?? 'none'} to ${place}`);
  return { name: partitionName(PART_KEYS, values), from, to };
}

export function numberedPartitions(table: NumberedTable, base: string): readonly Partition[] {
  const partitionOf = (i: number): Partition => ({ values: [String(i)], storage: storage({ location: `${base}/p=${i}` }), parameters: {} });
  return Array.from({ length: NUMBERED_PARTITIONS[table] }, (_, i) => partitionOf(i));
}

const table = (name: string, more: Partial<Table> = {}): TableWithPartitions => ({
  table: {
    database: READER_DATABASE,
    name,
    tableType: 'EXTERNAL_TABLE',
    owner: { name: 'hive', type: 'USER' },
    storage: storage({ location: `hdfs://h:1/data/${name}` }),
    partitionKeys: [],
    parameters: { EXTERNAL: 'TRUE' },
    ...more,
  },
  partitions: [],
});

const idAndV: readonly Column[] = [int('id'), { name: 'v', type: 'string' }];

/** The same as values, for the fake. */
export const MEMORY_CONTENT: MemoryMetastoreContent = {
  functions: { [READER_DATABASE]: FUNCTION_NAMES.toReversed() },
  databases: CONTRACT_DATABASES.map((name) => ({
    name,
    locationUri: `hdfs://h:1/${name}.db`,
    parameters: {},
    owner: { name: 'hive', type: 'USER' },
  })),
  tables: [
    table('plain', {
      storage: storage({
        columns: [
          { name: 'id', type: 'int', comment: COLUMN_COMMENT },
          { name: 'v', type: 'string' },
        ],
        location: 'hdfs://h:1/data/plain',
      }),
      parameters: { EXTERNAL: 'TRUE', comment: TABLE_COMMENT, quoted: 'a "b" ; c' },
    }),
    table('bucketed', {
      storage: storage({
        columns: idAndV,
        ...ORC,
        numBuckets: 4,
        bucketColumns: ['id'],
        sortColumns: [
          { column: 'id', order: 'DESC' },
          { column: 'v', order: 'ASC' },
        ],
      }),
    }),
    table('skewed', {
      storage: storage({
        columns: idAndV,
        skewed: {
          columns: ['id', 'v'],
          values: [
            ['1', 'a'],
            ['2', 'b'],
          ],
        },
        storedAsSubDirectories: true,
      }),
    }),
    table('insert_only', { tableType: 'MANAGED_TABLE', parameters: { transactional: 'true', transactional_properties: 'insert_only' } }),
    table('parts', { partitionKeys: [{ name: 'dt', type: 'string', comment: 'day' }, int('n')] }),
    table('many_parts', { partitionKeys: [int('p')] }),
    table('some_parts', { partitionKeys: [int('p')] }),
    table('vanishing'),
    table('a_view', {
      tableType: 'VIRTUAL_VIEW',
      parameters: { comment: 'a view' },
      storage: storage({ columns: [{ name: 'x', type: 'int', comment: 'from plain' }] }),
      viewOriginalText: `select id from ${READER_DATABASE}.plain`,
      viewExpandedText: 'SELECT `id` AS `x` FROM (select `plain`.`id` from `ct_reader_main`.`plain`) `ct_reader_main.a_view`',
    }),
    ...manyNames.map((name) => table(name, { database: MANY_DATABASE })),
  ],
};
