import type { TableInput } from '../inventory/table-input.ts';
import { parseLocation, parseNamespace } from '../model/location.ts';
import type { Location, Namespace } from '../model/location.ts';
import type { ClusterFacts } from '../model/cluster.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import type { Column, Partition, StorageDescriptor, Table } from '../model/table.ts';

/** Builders for tests: everything uninteresting has a value. */

export function location(text: string): Location {
  const parsed = parseLocation(text);
  if (parsed === undefined) throw new Error(`not a location: ${text}`);
  return parsed;
}

function namespace(text: string): Namespace {
  const parsed = parseNamespace(text);
  if (parsed === undefined) throw new Error(`not a namespace: ${text}`);
  return parsed;
}

export const TEXT_FORMAT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: { serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: { 'serialization.format': '1' } },
} as const;

export const ORC_FORMAT = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serde: { serializationLib: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: { 'serialization.format': '1' } },
} as const;

/** `id int` or `id int -- its comment`. */
export function aColumn(text: string): Column {
  const [definition = '', comment] = text.split(' -- ');
  const at = definition.indexOf(' ');
  const column = { name: definition.slice(0, at), type: definition.slice(at + 1) };
  return comment === undefined ? column : { ...column, comment };
}

export function aDescriptor(overrides: Partial<StorageDescriptor> = {}): StorageDescriptor {
  return {
    columns: [aColumn('id int'), aColumn('name string')],
    compressed: false,
    numBuckets: 0,
    bucketColumns: [],
    sortColumns: [],
    storedAsSubDirectories: false,
    parameters: {},
    ...TEXT_FORMAT,
    ...overrides,
  };
}

export function aTable(overrides: Partial<Omit<Table, 'storage'>> & { readonly storage?: Partial<StorageDescriptor> } = {}): Table {
  return {
    database: 'shop',
    name: 'orders',
    tableType: 'EXTERNAL_TABLE',
    owner: { name: 'ana', type: 'USER' },
    partitionKeys: [],
    parameters: { EXTERNAL: 'TRUE', bucketing_version: '2', transient_lastDdlTime: '1700000000' },
    ...overrides,
    storage: aDescriptor({ location: 'hdfs://left:8020/data/shop/orders', ...overrides.storage }),
  };
}

/** A partition with the table's format. */
export function aPartition(values: readonly string[], at: string, storage: Partial<StorageDescriptor> = {}): Partition {
  return { values, storage: aDescriptor({ ...storage, location: at }), parameters: {} };
}

export const SOURCE: ClusterFacts = {
  name: 'left',
  hiveMajor: 3,
  namespace: namespace('hdfs://left:8020'),
  managedWarehouse: location('hdfs://left:8020/warehouse/managed'),
  externalWarehouse: location('hdfs://left:8020/warehouse/external'),
};

export const TARGET: ClusterFacts = {
  name: 'right',
  hiveMajor: 4,
  namespace: namespace('hdfs://right:9020'),
  managedWarehouse: location('hdfs://right:9020/wh/managed'),
  externalWarehouse: location('hdfs://right:9020/wh/external'),
  blockSizeBytes: 134_217_728,
};

export const SETTINGS: PlanSettings = {
  strategy: 'SCHEMA_ONLY',
  proof: 'rows',
  locationMap: [],
  allowedHazards: [],
  databasePrefix: '',
  distcp: {},
};

export interface InputOverrides {
  readonly table?: Table;
  readonly partitions?: readonly Partition[];
  readonly target?: Table;
  readonly targetPartitions?: readonly Partition[];
  readonly neighbours?: TableInput['neighbours'];
  readonly settings?: Partial<PlanSettings>;
}

export function anInput(overrides: InputOverrides = {}): TableInput {
  return {
    source: { table: overrides.table ?? aTable(), partitions: overrides.partitions ?? [] },
    ...(overrides.target === undefined ? {} : { target: overrides.target }),
    ...(overrides.targetPartitions === undefined ? {} : { targetPartitions: overrides.targetPartitions }),
    neighbours: overrides.neighbours ?? [],
    clusters: { source: SOURCE, target: TARGET },
    settings: { ...SETTINGS, ...overrides.settings },
  };
}
