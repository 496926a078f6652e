/** Fills the templates of `lab/conf` with the ports of this lab and writes the `hadoop` and `hdfs` commands of both sides. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { LAB_SOURCES } from './directories.ts';
import { clientScript } from './hadoop-command.ts';
import type { Side } from './lab.ts';
import { SIDES } from './lab.ts';
import type { Ports } from './ports.ts';

/** Different on purpose: the same file has other blocks on the other side, so MD5-of-MD5 checksums differ and only COMPOSITE agrees. */
export const BLOCK_SIZE_BYTES: Readonly<Record<Side, number>> = { source: 1_048_576, target: 2_097_152 };
export const POSTGRES_PASSWORD = 'lab';
export const S3_KEYS = { accessKey: 'lab', secretKey: 'lab-secret', bucket: 'hiveferry' } as const;

const EVENT_LISTENER = 'org.apache.hive.hcatalog.listener.DbNotificationListener';

/** hive-hcatalog-server-extensions is not published for 4.0.1, so the target writes no notifications. */
const BY_SIDE = {
  source: { hiveServer2Authentication: 'NOSASL', engine: 'mr', eventListeners: EVENT_LISTENER },
  target: { hiveServer2Authentication: 'NONE', engine: 'tez', eventListeners: '' },
} as const;

export function confDirectory(directory: string, side: Side, kind: 'hadoop' | 'hive'): string {
  return join(directory, 'conf', side, kind);
}

export function writeConfiguration(directory: string, ports: Ports, cache: Cache): void {
  for (const side of SIDES) {
    const values = valuesOf(side, ports);
    const hadoop = confDirectory(directory, side, 'hadoop');
    fill('hadoop', ['core-site.xml', 'hdfs-site.xml', 'mapred-site.xml', 'log4j.properties'], { to: hadoop, values });
    makeWebApps(hadoop);
    const hive = confDirectory(directory, side, 'hive');
    fill('hadoop', ['core-site.xml', 'hdfs-site.xml', 'mapred-site.xml', 'log4j.properties'], { to: hive, values });
    fill('hive', ['hive-site.xml', 'log4j2.properties'], { to: hive, values });
    writeCommands(directory, side, cache);
  }
  const values = {
    brokerPort: String(ports('kafka')),
    controllerPort: String(ports('kafkaController')),
    dataDirectory: join(directory, 'data', 'kafka'),
  };
  fill('kafka', ['server.properties'], { to: join(directory, 'conf', 'kafka'), values });
}

function valuesOf(side: Side, ports: Ports): Readonly<Record<string, string>> {
  const port = (name: string): string => String(ports(`${side}${name}`));
  return {
    side,
    ...BY_SIDE[side],
    namespace: `hdfs://127.0.0.1:${port('NameNode')}`,
    blockSizeBytes: String(BLOCK_SIZE_BYTES[side]),
    nameNodeHttpPort: port('NameNodeHttp'),
    dataNodePort: port('DataNode'),
    dataNodeHttpPort: port('DataNodeHttp'),
    dataNodeIpcPort: port('DataNodeIpc'),
    metastorePort: port('Metastore'),
    hiveServer2Port: port('HiveServer2'),
    hiveServer2HttpPort: port('HiveServer2Http'),
    postgresPort: String(ports('postgres')),
    postgresPassword: POSTGRES_PASSWORD,
    s3Endpoint: `http://127.0.0.1:${ports('s3')}`,
    s3AccessKey: S3_KEYS.accessKey,
    s3SecretKey: S3_KEYS.secretKey,
  };
}

function fill(
  folder: string,
  names: readonly string[],
  into: { readonly to: string; readonly values: Readonly<Record<string, string>> },
): void {
  mkdirSync(into.to, { recursive: true });
  for (const name of names) {
    const template = readFileSync(join(LAB_SOURCES, 'conf', folder, name), 'utf8');
    const filled = template.replaceAll(/@(\w+)@/g, (_, key: string) => {
      const value = into.values[key];
      if (value === undefined) throw new Error(`lab/conf/${folder}/${name} names @${key}@, which has no value`);
      return value;
    });
    writeFileSync(join(into.to, name), filled);
  }
}

/** The Maven jars hold no web applications, without which the HDFS daemons do not start: empty ones will do. */
function makeWebApps(conf: string): void {
  mkdirSync(join(conf, 'webapps', 'static'), { recursive: true });
  for (const name of ['hdfs', 'datanode']) {
    const folder = join(conf, 'webapps', name, 'WEB-INF');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'web.xml'), '<web-app/>\n');
  }
}

function writeCommands(directory: string, side: Side, cache: Cache): void {
  const folder = join(directory, 'bin', side);
  mkdirSync(folder, { recursive: true });
  for (const name of ['hadoop', 'hdfs']) {
    const file = join(folder, name);
    writeFileSync(file, clientScript({ directory, conf: confDirectory(directory, side, 'hadoop'), cache }));
    chmodSync(file, 0o755);
  }
}
