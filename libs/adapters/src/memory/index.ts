export { MemoryMetastore } from './memory.metastore.ts';
export type { MemoryMetastoreContent } from './memory.metastore.ts';
