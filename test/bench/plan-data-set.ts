/** Data sets for the planning benchmark, in the form that hms-mirror records; written table by table, so that any size fits. */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface DataSetSize {
  readonly tables: number;
  /** Of each table; views have none. */
  readonly partitions: number;
}

export const BENCH_DATABASE = 'bench';

const NAMESPACE = 'hdfs://OLD';
const WAREHOUSE = `${NAMESPACE}/apps/hive/warehouse/${BENCH_DATABASE}.db`;
const DATA_COLUMNS = 20;
const VIEW_EVERY = 50;
/** One partition of such a table lies outside of its table's directory. */
const STRAY_EVERY = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_DAY = Date.UTC(2001, 0, 1);
const COUNTRIES = ['AT', 'BR', 'CH', 'DE', 'FR', 'GB', 'IN', 'JP', 'US', 'ZA'];
const BUFFER_CHARACTERS = 1 << 20;

interface TableShape {
  readonly create: string;
  readonly keys: readonly string[];
  readonly storedAs: readonly string[];
  readonly parameters: readonly string[];
}

const ORC = [
  'ROW FORMAT SERDE',
  "'org.apache.hadoop.hive.ql.io.orc.OrcSerde'",
  'STORED AS INPUTFORMAT',
  "'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'",
  'OUTPUTFORMAT',
  "'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'",
];
const PARQUET = [
  'ROW FORMAT SERDE',
  "'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'",
  'STORED AS INPUTFORMAT',
  "'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'",
  'OUTPUTFORMAT',
  "'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'",
];
const TEXT = [
  'ROW FORMAT SERDE',
  "'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'",
  'WITH SERDEPROPERTIES (',
  "'field.delim'='|',",
  "'serialization.format'='|')",
  'STORED AS INPUTFORMAT',
  "'org.apache.hadoop.mapred.TextInputFormat'",
  'OUTPUTFORMAT',
  "'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
];

const EXTERNAL_ORC: TableShape = { create: 'CREATE EXTERNAL TABLE', keys: ['ds'], storedAs: ORC, parameters: ["'orc.compress'='SNAPPY',"] };
const MANAGED_ORC: TableShape = { ...EXTERNAL_ORC, create: 'CREATE TABLE' };
const EXTERNAL_PARQUET: TableShape = { create: 'CREATE EXTERNAL TABLE', keys: ['ds', 'country'], storedAs: PARQUET, parameters: [] };
const EXTERNAL_TEXT: TableShape = { create: 'CREATE EXTERNAL TABLE', keys: ['ds'], storedAs: TEXT, parameters: ["'numFiles'='12',"] };

/** Six of ten are external ORC, two managed ORC, one Parquet with two partition keys, one text. */
const SHAPES = [
  EXTERNAL_ORC,
  EXTERNAL_ORC,
  MANAGED_ORC,
  EXTERNAL_ORC,
  EXTERNAL_PARQUET,
  EXTERNAL_ORC,
  EXTERNAL_TEXT,
  EXTERNAL_ORC,
  MANAGED_ORC,
  EXTERNAL_ORC,
];

/** @returns the size of the file in bytes */
export function writeDataSet(file: string, size: DataSetSize): number {
  const descriptor = openSync(file, 'w');
  let bytes = 0;
  let buffer = '';
  for (const text of textsOf(size)) {
    buffer += text;
    if (buffer.length < BUFFER_CHARACTERS) continue;
    bytes += writeSync(descriptor, buffer);
    buffer = '';
  }
  bytes += writeSync(descriptor, buffer);
  closeSync(descriptor);
  return bytes;
}

function* textsOf({ tables, partitions }: DataSetSize): Generator<string> {
  yield [
    '---',
    'databases:',
    `  ${BENCH_DATABASE}:`,
    `    name: "${BENCH_DATABASE}"`,
    '    properties:',
    '      LEFT:',
    '        COMMENT: "of a benchmark"',
    `        LOCATION: "${WAREHOUSE}"`,
    '    tableMirrors:',
    '',
  ].join('\n');
  for (let index = 0; index < tables; index += 1) {
    const name = tableName(index);
    const isView = index % VIEW_EVERY === VIEW_EVERY - 1;
    yield tableText(name, isView ? viewLines(name, tableName(index - 1)) : tableLines(name, shapeOf(index)), [
      ...(isView ? [] : partitionLines(name, index, partitions)),
    ]);
  }
}

function shapeOf(index: number): TableShape {
  return SHAPES[index % SHAPES.length] ?? EXTERNAL_ORC;
}

function tableName(index: number): string {
  return `t${String(index).padStart(6, '0')}_orders`;
}

function tableText(name: string, definition: readonly string[], partitions: readonly string[]): string {
  return [
    `      ${name}:`,
    `        name: "${name}"`,
    '        environments:',
    '          LEFT:',
    `            name: "${name}"`,
    '            exists: true',
    '            createStrategy: "NOTHING"',
    '            definition:',
    ...definition.map((line) => `            - ${JSON.stringify(line)}`),
    '            owner: "etl"',
    partitions.length === 0 ? '            partitions: {}' : '            partitions:',
    ...partitions,
    '            statistics: {}',
    '          RIGHT:',
    '            name: null',
    '            exists: false',
    '            definition: []',
    '            partitions: {}',
    '',
  ].join('\n');
}

function tableLines(name: string, { create, keys, storedAs, parameters }: TableShape): readonly string[] {
  const columns = Array.from(
    { length: DATA_COLUMNS },
    (_, column) => `\`c${column}_value\` ${column % 2 === 0 ? 'string' : 'decimal(18,2)'}`,
  );
  return [
    `${create} \`${name}\`(`,
    ...columns.map((column, index) => `  ${column}${index === columns.length - 1 ? ')' : ','}`),
    'PARTITIONED BY (',
    ...keys.map((key, index) => `  \`${key}\` string${index === keys.length - 1 ? ')' : ','}`),
    ...storedAs,
    'LOCATION',
    `  '${WAREHOUSE}/${name}'`,
    'TBLPROPERTIES (',
    ...parameters,
    "'transient_lastDdlTime'='1644950967')",
  ];
}

function viewLines(name: string, table: string): readonly string[] {
  return [`CREATE VIEW \`${name}\` AS select \`${table}\`.\`c0_value\`, \`${table}\`.\`ds\` from \`${BENCH_DATABASE}\`.\`${table}\``];
}

function* partitionLines(table: string, index: number, partitions: number): Generator<string> {
  const hasCountry = shapeOf(index).keys.length === 2;
  for (let number = 0; number < partitions; number += 1) {
    const name = hasCountry ? countryPartition(number) : dayPartition(number);
    const isStray = number === 0 && index % STRAY_EVERY === 0;
    yield `              ${name}: "${isStray ? `${NAMESPACE}/data/late` : WAREHOUSE}/${table}/${name}"`;
  }
}

function countryPartition(number: number): string {
  return `${dayPartition(Math.floor(number / COUNTRIES.length))}/country=${COUNTRIES[number % COUNTRIES.length] ?? ''}`;
}

function dayPartition(number: number): string {
  return `ds=${new Date(FIRST_DAY + number * DAY_MS).toISOString().slice(0, 10)}`;
}
