export { createDatabaseMetastoreReader } from './open-database.ts';
