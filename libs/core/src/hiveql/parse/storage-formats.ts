import type { SerDeInfo } from '../../model/table.ts';

/** Classes behind a storage clause. */
export interface StorageFormat {
  readonly inputFormat: string;
  readonly outputFormat: string;
  /** What STORED AS implies when no ROW FORMAT says another. */
  readonly serializationLib?: string;
}

export const LAZY_SIMPLE_SERDE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';

const TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serializationLib: LAZY_SIMPLE_SERDE,
} as const;

const ORC = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serializationLib: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
} as const;

const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serializationLib: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
} as const;

const RCFILE = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.RCFileInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.RCFileOutputFormat',
  serializationLib: 'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
} as const;

/** Copied behaviour: `StorageFormatFactory` and its descriptors, Hive 4.0.1. */
const FORMATS: ReadonlyMap<string, StorageFormat> = new Map([
  ['TEXTFILE', TEXT],
  [
    'SEQUENCEFILE',
    {
      inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
      serializationLib: LAZY_SIMPLE_SERDE,
    },
  ],
  ['ORC', ORC],
  ['ORCFILE', ORC],
  ['PARQUET', PARQUET],
  ['PARQUETFILE', PARQUET],
  ['RCFILE', RCFILE],
  [
    'AVRO',
    {
      inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
      serializationLib: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
    },
  ],
  ['JSONFILE', { ...TEXT, serializationLib: 'org.apache.hadoop.hive.serde2.JsonSerDe' }],
]);

export const FORMAT_NAMES: readonly string[] = [...FORMATS.keys()];

export function formatNamed(name: string): StorageFormat | undefined {
  return FORMATS.get(name.toUpperCase());
}

/** What Hive takes when the statement names no format. */
export const DEFAULT_FORMAT: StorageFormat = TEXT;

/** STORED BY with a name instead of a class, Hive 4. */
export const HANDLERS: Readonly<Record<string, string>> = { ICEBERG: 'org.apache.iceberg.mr.hive.HiveIcebergStorageHandler' };

/** Hive stores `serialization.format` with every SerDe of a native table, and its SHOW CREATE TABLE hides the default. */
export function withSerializationFormat(serde: SerDeInfo): SerDeInfo {
  return { ...serde, parameters: { 'serialization.format': '1', ...serde.parameters } };
}
