/** HiveServer2 of the suite's own beside the lab's target: binary and HTTP at once, with a log-in, with or without TLS, registered with ZooKeeper. */
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareCache } from '../../lab/src/cache.ts';
import type { Cache } from '../../lab/src/cache.ts';
import { jdkBin, run } from '../../lab/src/commands.ts';
import type { Command } from '../../lab/src/commands.ts';
import type { Lab } from '../../lab/src/index.ts';
import { jvm } from '../../lab/src/jvm.ts';
import { freePort } from '../../scripts/support/service.ts';
import { Hdfs } from './hdfs.ts';

export interface OwnHiveServer2 {
  readonly binaryPort: number;
  readonly httpPort: number;
}

export interface OwnHiveServers {
  readonly withTls: OwnHiveServer2;
  readonly withoutTls: OwnHiveServer2;
  /** Trust stores of the one certificate, which is of localhost and 127.0.0.1. */
  readonly trust: { readonly pem: string; readonly jks: string; readonly pkcs12: string; readonly password: string };
  readonly zooKeeperPort: number;
  close(): Promise<void>;
}

/** Both servers let in this user. The password has what separates in a URI. */
export const HIVE_USER = { user: 'etl', password: 'p=w;1#2?' } as const;
/** Where the servers are registered. */
export const NAMESPACES = { withTls: 'hs2-tls', withoutTls: 'hs2-plain' } as const;

const PASSWORD = 'changeit';

interface Place {
  readonly lab: Lab;
  readonly folder: string;
  readonly cache: Cache;
  readonly zooKeeperPort: number;
}

export async function startOwnHiveServers(lab: Lab): Promise<OwnHiveServers> {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-hs2-'));
  const place: Place = { lab, folder, cache: await prepareCache(() => undefined), zooKeeperPort: await freePort() };
  const trust = await makeStores(folder);
  await run({
    argv: [
      join(jdkBin(), 'javac'),
      '-nowarn',
      '-cp',
      `${place.cache.jars.hive4}/*`,
      '-d',
      folder,
      join(import.meta.dirname, 'OnePassword.java'),
    ],
  });
  const children = [startZooKeeper(place)];
  const close = async (): Promise<void> => {
    await Promise.all(children.map(killed));
    await new Hdfs(lab.clusters.target.hdfs).remove(scratchOf(folder));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until('ZooKeeper listens', [place.zooKeeperPort], folder);
    const withTls = await startServer(place, 'withTls', children);
    const withoutTls = await startServer(place, 'withoutTls', children);
    await until(
      'HiveServer2 listens',
      [withTls, withoutTls].flatMap(({ binaryPort, httpPort }) => [binaryPort, httpPort]),
      folder,
    );
    return { withTls, withoutTls, trust, zooKeeperPort: place.zooKeeperPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeStores(folder: string): Promise<OwnHiveServers['trust']> {
  const keytool = join(jdkBin(), 'keytool');
  const store = (name: string, type: string): readonly string[] => [
    '-keystore',
    join(folder, name),
    '-storetype',
    type,
    '-storepass',
    PASSWORD,
  ];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
  const pem = join(folder, 'ca.pem');
  await run({
    argv: [keytool, '-genkeypair', '-alias', 'own', '-keyalg', 'RSA', '-validity', '30', ...names, ...store('keys.jks', 'JKS')],
  });
  await run({ argv: [keytool, '-exportcert', '-rfc', '-alias', 'own', '-file', pem, ...store('keys.jks', 'JKS')] });
  for (const [name, type] of [['trust.jks', 'JKS'] as const, ['trust.p12', 'PKCS12'] as const])
    await run({ argv: [keytool, '-importcert', '-noprompt', '-alias', 'own', '-file', pem, ...store(name, type)] });
  return { pem, jks: join(folder, 'trust.jks'), pkcs12: join(folder, 'trust.p12'), password: PASSWORD };
}

function startZooKeeper({ folder, cache, zooKeeperPort }: Place): ChildProcess {
  const configuration = join(folder, 'zoo.cfg');
  mkdirSync(join(folder, 'zookeeper'));
  writeFileSync(
    configuration,
    `tickTime=2000\ndataDir=${join(folder, 'zookeeper')}\nclientPort=${zooKeeperPort}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n`,
  );
  const options = { heap: '128m', data: join(folder, 'zookeeper-process'), user: 'hive', opens: 'none' } as const;
  const main = ['-cp', `${cache.jars.hive4}/*`, 'org.apache.zookeeper.server.ZooKeeperServerMain', configuration];
  return start(jvm(cache, options, main), join(folder, 'zookeeper.log'));
}

async function startServer(place: Place, kind: 'withTls' | 'withoutTls', children: ChildProcess[]): Promise<OwnHiveServer2> {
  const { lab, folder, cache } = place;
  const server = { binaryPort: await freePort(), httpPort: await freePort() };
  const conf = join(folder, kind, 'conf');
  cpSync(join(lab.dir, 'conf', 'target', 'hive'), conf, { recursive: true });
  const site = readFileSync(join(conf, 'hive-site.xml'), 'utf8');
  writeFileSync(join(conf, 'hive-site.xml'), withProperties(site, propertiesOf(place, kind, server)));
  const properties = [
    ...Object.entries(HIVE_USER).map(([name, value]) => `test.${name}=${value}`),
    `log4j2.configurationFile=${join(conf, 'log4j2.properties')}`,
    `log4j.configurationFile=${join(conf, 'log4j2.properties')}`,
  ];
  const options = { heap: '640m', data: join(folder, kind, 'data'), user: 'hive', opens: 'hive', properties } as const;
  const main = ['-cp', `${conf}:${folder}:${cache.jars.hive4}/*`, 'org.apache.hive.service.server.HiveServer2'];
  children.push(start(jvm(cache, options, main), join(folder, `${kind}.log`)));
  return server;
}

function propertiesOf(
  { folder, zooKeeperPort }: Place,
  kind: 'withTls' | 'withoutTls',
  { binaryPort, httpPort }: OwnHiveServer2,
): Readonly<Record<string, string>> {
  return {
    'hive.exec.scratchdir': scratchOf(folder),
    'hive.server2.transport.mode': 'all',
    'hive.server2.thrift.port': String(binaryPort),
    'hive.server2.thrift.http.port': String(httpPort),
    'hive.server2.authentication': 'CUSTOM',
    'hive.server2.custom.authentication.class': 'OnePassword',
    'hive.server2.use.SSL': String(kind === 'withTls'),
    'hive.server2.keystore.path': join(folder, 'keys.jks'),
    'hive.server2.keystore.password': PASSWORD,
    'hive.server2.support.dynamic.service.discovery': 'true',
    // Beside the users' own: no session may change how objects are described.
    ...(kind === 'withoutTls' && { 'hive.conf.restricted.list': 'hive.ddl.output.format' }),
    'hive.zookeeper.quorum': `127.0.0.1:${zooKeeperPort}`,
    'hive.server2.zookeeper.namespace': NAMESPACES[kind],
  };
}

/** On the target's file system: a server that is killed leaves what its sessions had. */
const scratchOf = (folder: string): string => `/tmp/${basename(folder)}`;

/** Hive takes the last of a name. */
function withProperties(site: string, properties: Readonly<Record<string, string>>): string {
  const lines = Object.entries(properties).map(([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`);
  return site.replace('</configuration>', `${lines.join('\n')}\n</configuration>`);
}

function start({ argv: [program = '', ...args], env, cwd }: Command, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const stdio: StdioOptions = ['ignore', log, log];
  const child = spawn(program, args, { stdio, env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) });
  closeSync(log);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function until(what: string, ports: readonly number[], folder: string): Promise<void> {
  const deadline = Date.now() + 180_000;
  for (const port of ports) {
    while (!(await listens(port))) {
      if (Date.now() > deadline) throw new Error(`it did not come to that in 180 s: ${what} at ${port}; logs were in ${folder}`);
      await sleep(200);
    }
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
