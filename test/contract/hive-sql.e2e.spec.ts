import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import { SIDES, readLab } from '../../lab/src/index.ts';
import { hiveSqlContract } from './hive-sql.contract.ts';

for (const side of SIDES) {
  const { hiveVersion, hiveServer2: server } = readLab().clusters[side];
  hiveSqlContract(`HiveServer2 ${hiveVersion} of the lab's ${side}`, {
    host: server.host,
    port: server.port,
    open: (place) => createHiveSql({ ...server, ...place }),
    openWithWrongAuthentication: (openTimeoutMs) =>
      createHiveSql({ ...server, auth: server.auth === 'plain' ? 'nosasl' : 'plain', maxSessions: 1, openTimeoutMs }),
  });
}
