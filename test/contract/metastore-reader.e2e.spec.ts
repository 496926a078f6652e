import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreReader, createHiveSql } from '@hiveferry/adapters/hive-server2';
import type { MetastoreReader } from '@hiveferry/ports';
import { afterAll, beforeAll, describe } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { metastoreContract } from './metastore-reader.contract.ts';
import { makeContractLake, thriftOptions } from './metastore-stage.ts';
import type { ContractLake, Side } from './metastore-stage.ts';

const SESSIONS = 4;

const READERS: Readonly<Record<string, (side: Side) => MetastoreReader>> = {
  'over Thrift': (side) => createMetastoreReader(thriftOptions(readLab(), side)),
  'through HiveServer2': (side) => {
    const { hiveServer2 } = readLab().clusters[side];
    return createHiveMetastoreReader(createHiveSql({ ...hiveServer2, maxSessions: SESSIONS }), { sessions: SESSIONS });
  },
};

describe.each(['source', 'target'] as const)("the metastore of the lab's %s", (side) => {
  let lake: ContractLake;
  beforeAll(async () => {
    lake = await makeContractLake(side);
  });
  afterAll(async () => await lake.close());

  for (const [title, open] of Object.entries(READERS)) metastoreContract(title, async () => await lake.stage(open(side)));
});
