/** What the lab consists of: each service's command line, what it waits for and how it shows that it works. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { run, type Command } from './commands.ts';
import { confDirectory } from './configuration.ts';
import {
  clusterOf,
  dataNodeIsLive,
  hiveServer2Answers,
  kafkaAnswers,
  nameNodeAnswers,
  portIsOpen,
  postgresAnswers,
  s3Answers,
} from './health.ts';
import { jvm } from './jvm.ts';
import { SIDES, type Side } from './lab.ts';
import type { Ports } from './ports.ts';
import { initialisePostgres, makeMetastoreDatabases, postgresCommand } from './postgres.ts';

export const PARTS = ['hdfs', 'hive', 'kafka', 's3'] as const;
export type Part = (typeof PARTS)[number];

export interface Context {
  readonly directory: string;
  readonly ports: Ports;
  readonly cache: Cache;
}

export interface Service {
  readonly name: string;
  readonly part: Part;
  readonly after: readonly string[];
  /** Names of the ports it takes. */
  readonly ports: readonly string[];
  command(context: Context): Promise<Command>;
  /** One attempt to use it; throws when it does not work yet. */
  check(context: Context): Promise<void>;
  /** Once, when it has started to work. */
  finish?(context: Context): Promise<void>;
}

const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';
const METASTORE = 'org.apache.hadoop.hive.metastore.HiveMetaStore';
const HIVE_SERVER2 = 'org.apache.hive.service.server.HiveServer2';

export const SERVICES: readonly Service[] = [
  {
    name: 'postgres',
    part: 'hive',
    after: [],
    ports: ['postgres'],
    command: async ({ directory, ports }) => {
      await initialisePostgres(directory);
      return await postgresCommand(directory, ports);
    },
    check: async ({ ports }) => await postgresAnswers(ports),
    finish: async ({ ports, cache }) => await makeMetastoreDatabases(ports, cache),
  },
  ...SIDES.flatMap((side) => [nameNode(side), dataNode(side)]),
  ...SIDES.map(metastore),
  ...SIDES.map(hiveServer2),
  {
    name: 'kafka',
    part: 'kafka',
    after: [],
    ports: ['kafka', 'kafkaController'],
    command: kafkaCommand,
    check: async ({ ports }) => await kafkaAnswers(ports),
  },
  {
    name: 's3',
    part: 's3',
    after: [],
    ports: ['s3'],
    // The -X option does nothing but name the lab folder, by which a process is known as the lab's.
    command: async ({ directory, ports, cache }) => ({
      argv: [cache.python, '-X', `lab=${directory}/s3`, '-m', 'moto.server', '-H', '127.0.0.1', '-p', String(ports('s3'))],
      env: { AWS_ACCESS_KEY_ID: 'lab', AWS_SECRET_ACCESS_KEY: 'lab' },
    }),
    check: async ({ ports }) => await s3Answers(ports),
  },
];

function nameNode(side: Side): Service {
  return {
    name: `${side}-namenode`,
    part: 'hdfs',
    after: [],
    ports: [`${side}NameNode`, `${side}NameNodeHttp`],
    command: async (context) => {
      if (!existsSync(join(hdfsData(context, side), 'name', 'current', 'VERSION'))) {
        await run(hdfsJvm(context, side, [NAME_NODE, '-format', '-force', '-nonInteractive']));
      }
      return hdfsJvm(context, side, [NAME_NODE]);
    },
    check: async ({ ports }) => await nameNodeAnswers(ports, side),
  };
}

function dataNode(side: Side): Service {
  return {
    name: `${side}-datanode`,
    part: 'hdfs',
    after: [`${side}-namenode`],
    ports: [`${side}DataNode`, `${side}DataNodeHttp`, `${side}DataNodeIpc`],
    command: async (context) => hdfsJvm(context, side, [DATA_NODE]),
    check: async ({ ports }) => await dataNodeIsLive(ports, side),
  };
}

/** On Java 17 the metastore of 3.1.3 needs the patch class for filters on partitions. */
function metastore(side: Side): Service {
  return {
    name: `${side}-metastore`,
    part: 'hive',
    after: ['postgres', `${side}-namenode`],
    ports: [`${side}Metastore`],
    command: async (context) =>
      hiveJvm(context, { side, role: 'metastore', heap: '640m' }, [METASTORE, '-p', String(context.ports(`${side}Metastore`))]),
    check: async ({ ports }) => await portIsOpen(ports(`${side}Metastore`)),
  };
}

function hiveServer2(side: Side): Service {
  return {
    name: `${side}-hiveserver2`,
    part: 'hive',
    after: [`${side}-metastore`, `${side}-datanode`],
    ports: [`${side}HiveServer2`, `${side}HiveServer2Http`],
    command: async (context) => hiveJvm(context, { side, role: 'hiveserver2', heap: '1280m' }, [HIVE_SERVER2]),
    check: async ({ ports, directory }) => await hiveServer2Answers(clusterOf(side, ports, directory).hiveServer2),
  };
}

const hdfsData = ({ directory }: Context, side: Side): string => join(directory, 'data', side, 'hdfs');

function hdfsJvm(context: Context, side: Side, main: readonly string[]): Command {
  const classPath = `${confDirectory(context.directory, side, 'hadoop')}:${context.cache.jars.hadoop}/*`;
  return jvm(context.cache, { heap: '384m', data: hdfsData(context, side), user: 'hdfs', opens: 'hadoop' }, ['-cp', classPath, ...main]);
}

/** A process of Hive with the configuration of a side. */
export function hiveJvm(
  context: Context,
  of: { readonly side: Side; readonly role: string; readonly heap: string },
  main: readonly string[],
): Command {
  const { cache } = context;
  const conf = confDirectory(context.directory, of.side, 'hive');
  const data = join(context.directory, 'data', of.side, of.role);
  const logging = join(conf, 'log4j2.properties');
  const properties = [`log4j.configurationFile=${logging}`, `log4j2.configurationFile=${logging}`];
  const start =
    of.side === 'target'
      ? ['-cp', `${conf}:${cache.jars.hive4}/*`, ...main]
      : ['-cp', cache.classes.launch, 'Launch', cache.classes.patch, conf, cache.jars.hive3, ...main];
  return jvm(cache, { heap: of.heap, data, user: 'hive', opens: 'hive', properties }, start);
}

async function kafkaCommand({ directory, cache }: Context): Promise<Command> {
  const data = join(directory, 'data', 'kafka');
  const configuration = join(directory, 'conf', 'kafka', 'server.properties');
  const options = { heap: '512m', data: join(directory, 'data', 'kafka-process'), user: 'kafka', opens: 'none' } as const;
  const start = (main: readonly string[]): Command => jvm(cache, options, ['-cp', `${cache.jars.kafka}/*`, ...main]);
  mkdirSync(data, { recursive: true });
  if (!existsSync(join(data, 'meta.properties'))) {
    await run(start(['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', configuration]));
  }
  return start(['kafka.Kafka', configuration]);
}
