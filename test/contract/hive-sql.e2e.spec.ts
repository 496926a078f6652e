import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import { readLab } from '../../lab/src/index.ts';
import { hiveSqlContract } from './hive-sql.contract.ts';

for (const side of ['source', 'target'] as const) {
  const { hiveVersion, hiveServer2: server } = readLab().clusters[side];
  hiveSqlContract(`HiveServer2 ${hiveVersion} of the lab's ${side}`, {
    host: server.host,
    port: server.port,
    open: (place) => createHiveSql({ ...server, ...place }),
    openWithWrongAuthentication: (openTimeoutMs) =>
      createHiveSql({ ...server, auth: server.auth === 'plain' ? 'nosasl' : 'plain', maxSessions: 1, openTimeoutMs }),
  });
}
