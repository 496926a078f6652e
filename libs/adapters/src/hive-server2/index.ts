export { createHiveSql } from './hive-driver.hive-sql.ts';
export { createHiveMetastoreReader } from './hive.metastore-reader.ts';
export { createHiveMetastoreWriter } from './hive.metastore-writer.ts';
export type { HiveServer2Options } from './hive-server2.options.ts';
