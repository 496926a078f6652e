import { createRequire } from 'node:module';

/**
 * Generated code is CommonJS. It is required, not imported: that works the same under Node's type stripping, under vitest
 * (which would take an imported file of this package for ESM) and from `dist`, where the build copies `gen` beside this file.
 */
const load = createRequire(import.meta.url);

// `require` knows no types; the declarations are generated from the same IDL as the code.
const service = load('./gen/ThriftHiveMetastore.js') as typeof import('./gen/ThriftHiveMetastore.js');
const types = load('./gen/metastore_types.js') as typeof import('./gen/metastore_types.js');

/** Classes of the metastore's Thrift interface, as generated from `idl/metastore.thrift`. */
export const metastoreService = service;
export const metastoreTypes = types;

export type MetastoreClient = import('./gen/ThriftHiveMetastore.js').Client;
export type ThriftTable = import('./gen/metastore_types.js').Table;
export type ThriftPartition = import('./gen/metastore_types.js').Partition;
export type ThriftStorageDescriptor = import('./gen/metastore_types.js').StorageDescriptor;
export type ThriftFieldSchema = import('./gen/metastore_types.js').FieldSchema;
export type ThriftSkewedInfo = import('./gen/metastore_types.js').SkewedInfo;
