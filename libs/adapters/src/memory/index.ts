export { MemoryMetastore } from './memory.metastore.ts';
export type { MemoryMetastoreContent } from './memory.metastore.ts';
export { MemoryBus } from './memory-bus.ts';
export { MemoryBusServer } from './memory-bus.server.ts';
export { createMemoryFileStore } from './memory.file-store.ts';
export type { MemoryFileStore } from './memory.file-store.ts';
