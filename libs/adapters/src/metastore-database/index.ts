export { createPostgresMetastoreReader } from './postgres.connections.ts';
export type { MetastoreDatabaseOptions } from './postgres.connections.ts';
