import { afterAll, beforeAll, describe } from 'vitest';
import { askedOnce } from '../support/asked-once.ts';
import { LAB_READERS } from '../support/lab-readers.ts';
import { MANY_DATABASE } from './metastore-fixture.ts';
import { metastoreContract } from './metastore-reader.contract.ts';
import { makeContractLake } from './metastore-stage.ts';
import type { ContractLake } from './metastore-stage.ts';

describe.each(['source', 'target'] as const)("the metastore of the lab's %s", (side) => {
  let lake: ContractLake;
  beforeAll(async () => {
    lake = await makeContractLake(side);
  });
  afterAll(async () => await lake.close());

  for (const [title, open] of Object.entries(LAB_READERS)) {
    // Two statements a table: a thousand of them would say nothing that the JSON way, which pages and reads ahead as this one does, has not said.
    const many = title !== 'through HiveServer2, without JSON';
    // One statement a partition: a hundred and one are more than one batch there.
    const manyPartitions = title.startsWith('through HiveServer2') ? 'some_parts' : 'many_parts';
    const reader = () => open(side, (hive) => askedOnce(hive, (statement) => statement.includes(MANY_DATABASE)));
    metastoreContract(title, async () => await lake.stage(reader()), { many, manyPartitions });
  }
});
