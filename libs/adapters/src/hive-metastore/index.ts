export { createMetastoreReader } from './thrift.metastore-reader.ts';
export { createMetastoreWriter } from './thrift.metastore-writer.ts';
export { ThriftConnectionPool } from './thrift.connection-pool.ts';
export type { MetastoreOptions } from './thrift.connection-pool.ts';
export { metastoreService, metastoreTypes } from './thrift-binding.ts';
