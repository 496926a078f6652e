/** A metastore of the suite's own whose database is MariaDB; its warehouse is in the file system of a cluster of the lab. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, globSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import mysql from 'mysql2/promise';
import type { MetastoreOptions } from '@hiveferry/adapters/hive-metastore';
import { prepareCache } from '../../lab/src/cache.ts';
import type { Cache } from '../../lab/src/cache.ts';
import { run } from '../../lab/src/commands.ts';
import { confDirectory } from '../../lab/src/configuration.ts';
import { portOpens } from '../../lab/src/health.ts';
import type { Lab } from '../../lab/src/index.ts';
import { prepareMariaDb, startMariaDb } from '../../lab/src/mariadb.ts';
import type { MariaDb, MariaDbFiles } from '../../lab/src/mariadb.ts';
import { hiveJvm } from '../../lab/src/services.ts';
import { freePort } from '../../scripts/support/service.ts';
import { Hdfs } from './hdfs.ts';
import { makeOwnCertificate } from './own-certificate.ts';

type Side = keyof Lab['clusters'];

export interface OwnMetastore {
  readonly thrift: MetastoreOptions;
  readonly database: { readonly host: string; readonly port: number; readonly database: string; readonly user: string };
  readonly password: string;
  /** PEM of what signed the server's certificate, which is for `localhost`. */
  readonly authority: string;
  close(): Promise<void>;
}

const SCHEMAS = {
  source: { archive: 'hive-standalone-metastore-3.1.3-bin.tar.gz', file: 'hive-schema-3.1.0.mysql.sql' },
  target: { archive: 'hive-standalone-metastore-server-4.0.1-bin.tar.gz', file: 'hive-schema-4.0.0.mysql.sql' },
} as const;

const DATABASE = 'hms';
const READER = { user: 'reader', password: 'it\'s \\a "secret"' };

/** Hive's script makes columns of Latin letters; whoever has others widens them like this. */
const WIDENED = [
  'alter table `COLUMNS_V2` modify `COMMENT` varchar(256) character set utf8mb4',
  'alter table `TABLE_PARAMS` modify `PARAM_VALUE` mediumtext character set utf8mb4',
  'alter table `PARTITIONS` modify `PART_NAME` varchar(767) character set utf8mb3 collate utf8mb3_bin',
  'alter table `PARTITION_KEY_VALS` modify `PART_KEY_VAL` varchar(256) character set utf8mb4 collate utf8mb4_bin',
  'alter table `SDS` modify `LOCATION` varchar(4000) character set utf8mb4 collate utf8mb4_bin',
];

export async function startOwnMetastore(lab: Lab, side: Side): Promise<OwnMetastore> {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-metastore-'));
  const [cache, files] = [await prepareCache(() => undefined), await prepareMariaDb()];
  const { certificatePem, keyPem } = makeOwnCertificate();
  const mariaDb = await startMariaDb(files, { folder, port: await freePort(), settings: writeTls(folder, certificatePem, keyPem) });
  const stopped: (() => Promise<void>)[] = [mariaDb.close];
  const close = async (): Promise<void> => {
    for (const stop of stopped.toReversed()) await stop();
    await new Hdfs(lab.clusters[side].hdfs).remove(warehouseOf(folder));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await makeSchema(mariaDb, { side, cache, folder });
    const port = await freePort();
    stopped.push(await startMetastore({ lab, side, folder, port, mariaDb, cache, files }));
    return {
      thrift: { host: '127.0.0.1', port },
      database: { host: 'localhost', port: mariaDb.port, database: DATABASE, user: READER.user },
      password: READER.password,
      authority: certificatePem,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function writeTls(folder: string, certificate: string, key: string): Readonly<Record<string, string>> {
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key);
  return { 'ssl-cert': certificateFile, 'ssl-key': keyFile };
}

interface SchemaPlace {
  readonly side: Side;
  readonly cache: Cache;
  readonly folder: string;
}

/** By Hive's own script, and with a user who may read and no more. */
async function makeSchema({ port }: MariaDb, { side, cache, folder }: SchemaPlace): Promise<void> {
  const { archive, file } = SCHEMAS[side];
  const source = join(cache.root, 'distributions', archive);
  await run({ argv: ['tar', '-xzf', source, '-C', folder, '--wildcards', '--strip-components=5', `*/${file}`] });
  const root = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', multipleStatements: true });
  try {
    await root.query(`create database ${DATABASE} character set latin1; use ${DATABASE}`);
    await root.query(readFileSync(join(folder, file), 'utf8'));
    for (const statement of WIDENED) await root.query(statement);
    await root.query("create user hive@localhost identified by 'hive'; grant all on *.* to hive@localhost");
    await root.query(`create user ${READER.user}@localhost identified by ?; grant select on ${DATABASE}.* to ${READER.user}@localhost`, [
      READER.password,
    ]);
  } finally {
    await root.end();
  }
}

interface MetastorePlace {
  readonly lab: Lab;
  readonly side: Side;
  readonly folder: string;
  readonly port: number;
  readonly mariaDb: MariaDb;
  readonly cache: Cache;
  readonly files: MariaDbFiles;
}

/** Hive 4 makes no database whose managed directory is there, such as one that the lab has too. */
const warehouseOf = (folder: string): string => `/tmp/${basename(folder)}`;

/** The lab's own configuration of that side, with another database. */
async function startMetastore({ lab, side, folder, port, mariaDb, cache, files }: MetastorePlace): Promise<() => Promise<void>> {
  const conf = confDirectory(folder, side, 'hive');
  cpSync(confDirectory(lab.dir, side, 'hive'), conf, { recursive: true });
  const site = join(conf, 'hive-site.xml');
  const own = {
    'javax.jdo.option.ConnectionURL': `jdbc:mariadb://127.0.0.1:${mariaDb.port}/${DATABASE}?useMysqlMetadata=true`,
    'javax.jdo.option.ConnectionDriverName': 'org.mariadb.jdbc.Driver',
    'javax.jdo.option.ConnectionUserName': 'hive',
    'javax.jdo.option.ConnectionPassword': 'hive',
    'hive.metastore.uris': `thrift://127.0.0.1:${port}`,
    'hive.metastore.warehouse.dir': `${lab.clusters[side].hdfs.namespace}${warehouseOf(folder)}`,
    // With it Hive 4 takes transactional tables only from Hive itself.
    'metastore.metadata.transformer.class': ' ',
    'metastore.warehouse.dir': `${lab.clusters[side].hdfs.namespace}${warehouseOf(folder)}`,
  };
  writeFileSync(site, withProperties(readFileSync(site, 'utf8'), own));
  const jars = side === 'source' ? cache.jars.hive3 : cache.jars.hive4;
  const lib = join(folder, 'lib');
  mkdirSync(lib);
  for (const jar of [...globSync(join(jars, '*.jar')), files.driver]) symlinkSync(jar, join(lib, basename(jar)));
  const context = { directory: folder, ports: () => port, cache: { ...cache, jars: { ...cache.jars, hive3: lib, hive4: lib } } };
  const main = ['org.apache.hadoop.hive.metastore.HiveMetaStore', '-p', String(port)];
  const { argv, env, cwd } = hiveJvm(context, { side, role: 'metastore', heap: '640m' }, main);
  const [program = '', ...args] = argv;
  const log = openSync(join(folder, 'metastore.log'), 'a');
  const child = spawn(program, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(log);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await portOpens(port, { isOver: () => child.exitCode !== null, withinMs: 120_000 }).catch(async (error: unknown) => {
    const text = readFileSync(join(folder, 'metastore.log'), 'utf8').split('\n').slice(-30).join('\n');
    await stop();
    throw new Error(`the metastore on MariaDB does not start:\n${text}`, { cause: error });
  });
  return stop;
}

/** The last of a name counts. */
function withProperties(site: string, properties: Readonly<Record<string, string>>): string {
  const lines = Object.entries(properties).map(([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`);
  return site.replace('</configuration>', `${lines.join('\n')}\n</configuration>`);
}
