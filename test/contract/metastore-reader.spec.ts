import { MemoryMetastore } from '@hiveferry/adapters/memory';
import { MEMORY_CONTENT } from './metastore-fixture.ts';
import { metastoreContract } from './metastore-reader.contract.ts';

metastoreContract('the metastore in memory', async () => {
  const metastore = new MemoryMetastore(MEMORY_CONTENT);
  return {
    reader: metastore,
    writer: metastore,
    dataRoot: 'hdfs://h:1/data/ct',
    dropTable: async (database, table) => metastore.dropTable({ database, table }),
    close: async () => await metastore.close(),
  };
});
