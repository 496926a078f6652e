export type { PostgresOptions } from './data-source.ts';
export { openPostgres } from './open-postgres.ts';
export type { PostgresStores } from './open-postgres.ts';
export { databaseOf } from './sql.ts';
export type { Database, Sql } from './sql.ts';
