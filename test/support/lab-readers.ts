/** The metastores of the lab, by every way to read them; `around` is put before HiveServer2. */
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreReader, createHiveSql } from '@hiveferry/adapters/hive-server2';
import { createDatabaseMetastoreReader } from '@hiveferry/adapters/metastore-database';
import type { HiveSql, MetastoreReader } from '@hiveferry/ports';
import { readLab } from '../../lab/src/index.ts';
import type { Lab } from '../../lab/src/index.ts';
import { refusingJson } from './refusing-json.ts';

type Side = keyof Lab['clusters'];

const SESSIONS = 4;
const asItIs = (hive: HiveSql): HiveSql => hive;

export const LAB_READERS = {
  'over Thrift': (side) => {
    const { hostname, port } = new URL(readLab().clusters[side].metastoreUri);
    return createMetastoreReader({ host: hostname, port: Number(port) });
  },
  'through HiveServer2': (side, around = asItIs) => {
    const { hiveServer2 } = readLab().clusters[side];
    return createHiveMetastoreReader(around(createHiveSql({ ...hiveServer2, maxSessions: SESSIONS })), { sessions: SESSIONS });
  },
  'through HiveServer2, without JSON': (side, around = asItIs) => {
    const { hiveServer2 } = readLab().clusters[side];
    return createHiveMetastoreReader(refusingJson(around(createHiveSql({ ...hiveServer2, maxSessions: SESSIONS }))), {
      sessions: SESSIONS,
    });
  },
  'from its database': (side) => {
    const { host, port, user, password } = readLab().postgres;
    return createDatabaseMetastoreReader({
      product: 'postgres',
      host,
      port,
      database: `hms_${side}`,
      user,
      password: async () => password,
    });
  },
} as const satisfies Readonly<Record<string, (side: Side, around?: (hive: HiveSql) => HiveSql) => MetastoreReader>>;
