export { createHiveSql } from './hive-driver.hive-sql.ts';
export type { HiveServer2Options } from './hive-server2.options.ts';
