/** What a jdbc:hive2 URI can say, on real servers: HTTP, TLS, log-in, discovery by ZooKeeper, initFile, settings and variables. */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreReader, createHiveSql } from '@hiveferry/adapters/hive-server2';
import { parseHiveUri } from '@hiveferry/contracts';
import type { MigrationError } from '@hiveferry/core';
import type { HiveSql } from '@hiveferry/ports';
import { readLab } from '../../lab/src/index.ts';
import { HIVE_USER, NAMESPACES, startOwnHiveServers } from '../support/own-hive-server2.ts';
import { hiveSqlContract } from './hive-sql.contract.ts';
import { thriftOptions } from './metastore-stage.ts';

// The contract wants to know host and port while it is collected.
const servers = await startOwnHiveServers(readLab());
const folder = mkdtempSync(join(tmpdir(), 'hiveferry-uris-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await servers.close();
});

const { withTls, withoutTls, trust, zooKeeperPort } = servers;

function open(
  uri: string,
  changes: { readonly password?: string; readonly maxSessions?: number; readonly openTimeoutMs?: number } = {},
): HiveSql {
  const reading = parseHiveUri(uri);
  if (reading.kind === 'wrong') return expect.fail(reading.problem);
  return createHiveSql({ ...reading.place, ...HIVE_USER, maxSessions: 1, ...changes });
}

async function answerOf(uri: string, statement: string): Promise<readonly (readonly (string | null)[])[]> {
  const hive = open(uri);
  try {
    return await (await hive.openSession()).query(statement);
  } finally {
    await hive.close();
  }
}

async function faultOf(uri: string, changes: Parameters<typeof open>[1] = {}): Promise<MigrationError> {
  const hive = open(uri, { openTimeoutMs: 60_000, ...changes });
  try {
    return await hive.openSession().then(
      () => expect.fail('a session was opened'),
      (error: unknown) => error as MigrationError,
    );
  } finally {
    await hive.close();
  }
}

const TLS = `ssl=true;sslTrustStore=${trust.pem}`;

describe('a jdbc:hive2 URI', () => {
  it.each([
    ['binary', `jdbc:hive2://localhost:${withoutTls.binaryPort}/`],
    ['HTTP', `jdbc:hive2://localhost:${withoutTls.httpPort}/;transportMode=http;httpPath=cliservice`],
    ['binary over TLS, trusted by PEM', `jdbc:hive2://localhost:${withTls.binaryPort}/default;${TLS}`],
    ['binary over TLS, trusted by JKS', `jdbc:hive2://127.0.0.1:${withTls.binaryPort}/;ssl=true;sslTrustStore=${trust.jks}`],
    [
      'HTTP over TLS, trusted by PKCS12',
      `jdbc:hive2://localhost:${withTls.httpPort}/;ssl=true;sslTrustStore=${trust.pkcs12};trustStorePassword=${trust.password};transportMode=http`,
    ],
    [
      'ZooKeeper, of which one server is gone',
      `jdbc:hive2://localhost:1,localhost:${zooKeeperPort}/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=${NAMESPACES.withoutTls}`,
    ],
    [
      'ZooKeeper, and HTTP over TLS',
      `jdbc:hive2://localhost:${zooKeeperPort}/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=${NAMESPACES.withTls};${TLS};transportMode=http`,
    ],
  ])('leads to HiveServer2: %s', async (_, uri) => {
    expect(await answerOf(uri, 'select logged_in_user()')).toEqual([[HIVE_USER.user]]);
  });

  it.each([
    ['binary', ''],
    ['HTTP', ';transportMode=http'],
  ])('gives settings, variables and initFile to the session: %s', async (mode, option) => {
    const file = join(folder, 'init.sql');
    writeFileSync(file, '-- of nights\nset hivevar:from_file=yes;\nset hive.exec.parallel.thread.number=5');
    const port = mode === 'HTTP' ? withoutTls.httpPort : withoutTls.binaryPort;
    const uri = `jdbc:hive2://localhost:${port}/${option};initFile=${file}?hive.exec.parallel=true#day=7`;
    expect(await answerOf(uri, "select '${hivevar:day}', '${hivevar:from_file}', '${hiveconf:hive.exec.parallel}'")).toEqual([
      ['7', 'yes', 'true'],
    ]);
    expect(await answerOf(uri, 'set hive.exec.parallel.thread.number')).toEqual([['hive.exec.parallel.thread.number=5']]);
  });

  it.each([
    ['a wrong password', `jdbc:hive2://localhost:${withoutTls.binaryPort}/`, 'HIVE_LOGIN_REFUSED', 'Check user and password'],
    ['a wrong password, over HTTP', `jdbc:hive2://localhost:${withoutTls.httpPort}/;transportMode=http`, 'HIVE_LOGIN_REFUSED', 'HTTP 401'],
  ])('%s is refused', async (_, uri, code, text) => {
    const fault = await faultOf(uri, { password: 'wrong' });
    expect(fault).toMatchObject({ code, retry: 'operator' });
    expect(fault.message).toContain(text);
    expect(fault.message).not.toContain('wrong');
  });

  it.each([
    ['a certificate that is not trusted', `jdbc:hive2://localhost:${withTls.binaryPort}/;ssl=true`, 'its certificate is not trusted'],
    ['one over HTTP', `jdbc:hive2://localhost:${withTls.httpPort}/;ssl=true;transportMode=http`, 'its certificate is not trusted'],
    ['a certificate of another host', `jdbc:hive2://127.0.0.2:${withTls.httpPort}/;${TLS};transportMode=http`, 'is of another host'],
    ['no TLS where it is spoken', `jdbc:hive2://localhost:${withTls.binaryPort}/`, 'say ssl=true'],
    ['TLS where none is spoken', `jdbc:hive2://localhost:${withoutTls.httpPort}/;${TLS};transportMode=http`, 'leave ssl=true away'],
    ['the port of HTTP', `jdbc:hive2://localhost:${withoutTls.httpPort}/`, 'say transportMode=http'],
    ['another path', `jdbc:hive2://localhost:${withoutTls.httpPort}/;transportMode=http;httpPath=gateway/hive`, 'check httpPath'],
    [
      'a name that ZooKeeper does not know',
      `jdbc:hive2://localhost:${zooKeeperPort}/;serviceDiscoveryMode=zooKeeper`,
      'check zooKeeperNamespace',
    ],
    [
      'no ZooKeeper',
      `jdbc:hive2://localhost:${withoutTls.httpPort}/;serviceDiscoveryMode=zooKeeper`,
      'does not speak the protocol of ZooKeeper',
    ],
  ])('says what is wrong: %s', async (_, uri, text) => {
    const fault = await faultOf(uri);
    expect(fault.message).toContain(text);
    expect(fault.message).not.toContain('\n');
  });
});

hiveSqlContract('HiveServer2 4.0.1 over HTTP and TLS', {
  host: '127.0.0.1',
  port: withTls.httpPort,
  open: (place) => createHiveSql({ ...HIVE_USER, ...overHttpAndTls(), ...place }),
  openWithWrongAuthentication: (openTimeoutMs) =>
    createHiveSql({ ...HIVE_USER, host: '127.0.0.1', port: withTls.httpPort, auth: 'nosasl', maxSessions: 1, openTimeoutMs }),
});

function overHttpAndTls() {
  const reading = parseHiveUri(`jdbc:hive2://127.0.0.1:${withTls.httpPort}/;${TLS};transportMode=http`);
  return reading.kind === 'place' ? reading.place : expect.fail(reading.problem);
}

describe('a server where no session may set hive.ddl.output.format', () => {
  it('is read all the same, from what it prints for people', async () => {
    const hive = open(`jdbc:hive2://localhost:${withoutTls.binaryPort}/`);
    const thrift = createMetastoreReader(thriftOptions(readLab(), 'target'));
    const reader = createHiveMetastoreReader(hive, { sessions: 1 });
    try {
      expect(await reader.database('default')).toEqual(await thrift.database('default'));
    } finally {
      await Promise.all([reader.close(), thrift.close()]);
    }
  });

  it('says so', async () => {
    const hive = open(`jdbc:hive2://localhost:${withoutTls.binaryPort}/`);
    try {
      const session = await hive.openSession();
      await expect(session.execute('set hive.ddl.output.format=json')).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
    } finally {
      await hive.close();
    }
  });
});
