import { parseLocation } from '@hiveferry/core';
import { createMemoryFileStore } from '@hiveferry/adapters/memory';
import { fileStoreContract } from './file-store.contract.ts';

fileStoreContract('memory', async () => {
  const store = createMemoryFileStore();
  const root = parseLocation('hdfs://nn:8020/contract');
  if (root === undefined) throw new Error('not a location');
  return { store, root, putFile: async (location, content) => store.putFile(location, Buffer.byteLength(content)) };
});
