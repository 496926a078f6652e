import type { Column, Partition, SkewedInfo, StorageDescriptor, TableName } from '@hiveferry/core';
import { metastoreTypes } from './thrift-binding.ts';
import type { ThriftFieldSchema, ThriftPartition, ThriftSkewedInfo, ThriftStorageDescriptor } from './thrift-binding.ts';

/** Absent optional texts are not sent: the generated constructors leave out what is undefined, though their declarations do not say so. */
const unsent = undefined as unknown as string;

export function fromPartition(table: TableName, partition: Partition): ThriftPartition {
  return new metastoreTypes.Partition({
    values: [...partition.values],
    dbName: table.database,
    tableName: table.table,
    // 0: the metastore sets the time.
    createTime: 0,
    lastAccessTime: 0,
    sd: fromStorage(partition.storage),
    parameters: { ...partition.parameters },
  });
}

function fromStorage(storage: StorageDescriptor): ThriftStorageDescriptor {
  const { serde, skewed } = storage;
  return new metastoreTypes.StorageDescriptor({
    cols: fromColumns(storage.columns),
    location: storage.location ?? unsent,
    inputFormat: storage.inputFormat ?? unsent,
    outputFormat: storage.outputFormat ?? unsent,
    compressed: storage.compressed,
    // What Hive itself writes for "not bucketed".
    numBuckets: storage.numBuckets === 0 ? -1 : storage.numBuckets,
    serdeInfo: new metastoreTypes.SerDeInfo({
      name: serde.name ?? unsent,
      serializationLib: serde.serializationLib ?? unsent,
      parameters: { ...serde.parameters },
    }),
    bucketCols: [...storage.bucketColumns],
    sortCols: storage.sortColumns.map(({ column, order }) => new metastoreTypes.Order({ col: column, order: order === 'ASC' ? 1 : 0 })),
    parameters: { ...storage.parameters },
    ...(skewed === undefined ? {} : { skewedInfo: fromSkewed(skewed) }),
    storedAsSubDirectories: storage.storedAsSubDirectories,
  });
}

function fromColumns(columns: readonly Column[]): ThriftFieldSchema[] {
  return columns.map(({ name, type, comment }) => new metastoreTypes.FieldSchema({ name, type, comment: comment ?? unsent }));
}

/** Directories of skewed values are not sent: the metastore finds them out again. */
function fromSkewed({ columns, values }: SkewedInfo): ThriftSkewedInfo {
  return new metastoreTypes.SkewedInfo({ skewedColNames: [...columns], skewedColValues: values.map((each) => [...each]) });
}
