/** A ResourceManager, a NodeManager and a job history server of the suite's own, on the file system of a cluster of the lab. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, cpSync, existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareCache } from '../../lab/src/cache.ts';
import type { Cache } from '../../lab/src/cache.ts';
import type { Lab } from '../../lab/src/index.ts';
import { jvm } from '../../lab/src/jvm.ts';
import { freePort } from '../../scripts/support/service.ts';
import { Hdfs } from './hdfs.ts';

export interface YarnApplication {
  readonly id: string;
  readonly state: string;
  /** Comma-separated. */
  readonly applicationTags: string;
}

export interface OwnYarn {
  /** The lab's Hadoop command, whose jobs run here. */
  readonly command: string;
  applications(): Promise<readonly YarnApplication[]>;
  /** The ResourceManager does not answer, until it is told to go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
}

interface Place {
  readonly lab: Lab;
  readonly side: 'source' | 'target';
  readonly folder: string;
  readonly cache: Cache;
}

const OPEN = '--add-opens=java.base/java.lang=ALL-UNNAMED';
const MAINS = [
  'org.apache.hadoop.yarn.server.resourcemanager.ResourceManager',
  'org.apache.hadoop.yarn.server.nodemanager.NodeManager',
  'org.apache.hadoop.mapreduce.v2.hs.JobHistoryServer',
] as const;

export async function startOwnYarn(lab: Lab, side: 'source' | 'target'): Promise<OwnYarn> {
  const place: Place = { lab, side, folder: mkdtempSync(join(tmpdir(), 'hiveferry-yarn-')), cache: await prepareCache(() => undefined) };
  const web = await configure(place);
  const servers = MAINS.map((main) => startServer(place, main));
  const applications = (): Promise<readonly YarnApplication[]> => applicationsAt(web);
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(killed));
    endContainers(place.folder);
    await new Hdfs(lab.clusters[side].hdfs).remove(stagingOf(place));
    rmSync(place.folder, { recursive: true, force: true });
  };
  try {
    await until('a node is there', async () => (await nodesAt(web)) > 0);
  } catch (error) {
    await close();
    throw error;
  }
  return { command: join(place.folder, 'hadoop'), applications, signal: (signal) => void servers[0]?.kill(signal), close };
}

/** @returns address of the ResourceManager's web services */
async function configure(place: Place): Promise<string> {
  const { lab, side, folder } = place;
  const launcher = readFileSync(lab.clusters[side].hadoop.command, 'utf8');
  const own = /^conf='(.*)'$/m.exec(launcher)?.[1] ?? '';
  const configuration = join(folder, 'conf');
  cpSync(own, configuration, { recursive: true });
  const ports: string[] = [];
  for (let count = 0; count < 8; count += 1) ports.push(`127.0.0.1:${String(await freePort())}`);
  const properties = { ...yarnProperties(place, ports), ...jobProperties(place, ports) };
  writeFileSync(join(configuration, 'yarn-site.xml'), siteOf(properties));
  writeFileSync(join(configuration, 'mapred-site.xml'), siteOf(properties));
  writeFileSync(join(configuration, 'capacity-scheduler.xml'), siteOf(QUEUES));
  const core = readFileSync(join(configuration, 'core-site.xml'), 'utf8');
  // Jobs carry it to other processes, which do not know the lab's property.
  writeFileSync(join(configuration, 'core-site.xml'), core.replaceAll('${lab.data}', join(folder, 'tmp')));
  writeFileSync(join(folder, 'hadoop'), launcher.replace(`conf='${own}'`, `conf='${configuration}'`));
  chmodSync(join(folder, 'hadoop'), 0o755);
  return ports[4] ?? '';
}

const QUEUES = {
  'yarn.scheduler.capacity.root.queues': 'default',
  'yarn.scheduler.capacity.root.default.capacity': '100',
  'yarn.scheduler.capacity.maximum-am-resource-percent': '0.8',
};

function yarnProperties({ folder, cache }: Place, [tracker, scheduler, clients, admin, web, history]: readonly string[]) {
  return {
    'yarn.resourcemanager.resource-tracker.address': tracker,
    'yarn.resourcemanager.scheduler.address': scheduler,
    'yarn.resourcemanager.address': clients,
    'yarn.resourcemanager.admin.address': admin,
    'yarn.resourcemanager.webapp.address': web,
    'mapreduce.jobhistory.address': history,
    'yarn.resourcemanager.bind-host': '127.0.0.1',
    ...Object.fromEntries(['address', 'localizer.address', 'webapp.address'].map((name) => [`yarn.nodemanager.${name}`, '127.0.0.1:0'])),
    // Copies have nothing to shuffle, but no container is launched without it.
    'yarn.nodemanager.aux-services': 'mapreduce_shuffle',
    'mapreduce.shuffle.port': '0',
    'yarn.nodemanager.local-dirs': join(folder, 'nodes', 'local'),
    'yarn.nodemanager.log-dirs': join(folder, 'nodes', 'logs'),
    'yarn.nodemanager.resource.memory-mb': '2048',
    'yarn.nodemanager.resource.cpu-vcores': '4',
    'yarn.nodemanager.vmem-check-enabled': 'false',
    'yarn.nodemanager.pmem-check-enabled': 'false',
    'yarn.nodemanager.disk-health-checker.enable': 'false',
    'yarn.nodemanager.env-whitelist': 'JAVA_HOME',
    'yarn.scheduler.minimum-allocation-mb': '256',
    'yarn.application.classpath': classpathOf(folder, cache),
  };
}

function jobProperties(place: Place, ports: readonly string[]) {
  return {
    'mapreduce.framework.name': 'yarn',
    'mapreduce.application.classpath': classpathOf(place.folder, place.cache),
    'yarn.app.mapreduce.am.resource.mb': '512',
    'yarn.app.mapreduce.am.command-opts': `-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${OPEN}`,
    'mapreduce.map.memory.mb': '256',
    'mapreduce.map.java.opts': `-Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${OPEN}`,
    'mapreduce.task.io.sort.mb': '16',
    'mapreduce.jobhistory.webapp.address': ports[6],
    'mapreduce.jobhistory.admin.address': ports[7],
    'yarn.app.mapreduce.am.staging-dir': stagingOf(place),
  };
}

const classpathOf = (folder: string, { jars }: Cache): string => `${join(folder, 'conf')},${jars.hadoop}/*`;
const stagingOf = ({ folder }: Pick<Place, 'folder'>): string => `/tmp/${basename(folder)}`;

function siteOf(properties: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(properties).map(([name, value = '']) => `<property><name>${name}</name><value>${value}</value></property>`);
  return `<configuration>\n${lines.join('\n')}\n</configuration>\n`;
}

function startServer({ folder, cache }: Place, main: string): ChildProcess {
  const name = main.split('.').at(-1) ?? main;
  const options = {
    heap: '256m',
    data: join(folder, name),
    user: 'hive',
    opens: 'hadoop',
    properties: [`yarn.log.dir=${folder}`],
  } as const;
  const { argv, env, cwd } = jvm(cache, options, ['-cp', `${join(folder, 'conf')}:${cache.jars.hadoop}/*`, main]);
  const [program = '', ...args] = argv;
  const log = openSync(join(folder, `${name}.log`), 'a');
  const stdio: StdioOptions = ['ignore', log, log];
  // In its group are the containers that it starts.
  const server = spawn(program, args, { stdio, detached: true, env: { ...process.env, ...env, JAVA_HOME: javaHome(program) }, cwd });
  closeSync(log);
  return server;
}

/** What containers are given, and start Java by. */
function javaHome(java: string): string {
  const found = execFileSync('sh', ['-c', 'readlink -f "$(command -v "$1")"', 'sh', java], { encoding: 'utf8' });
  return dirname(dirname(found.trim()));
}

async function killed(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}

/** Containers have groups of their own, and outlive a NodeManager that is killed. */
function endContainers(folder: string): void {
  const files = globSync(join(folder, 'nodes', 'local', 'nmPrivate', '*', '*', '*.pid'));
  for (const file of files) {
    const pid = readFileSync(file, 'utf8').trim();
    if (existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder))
      process.kill(-Number(pid), 'SIGKILL');
  }
}

async function nodesAt(web: string): Promise<number> {
  const body = (await answerOf(web, 'metrics')) as { clusterMetrics: { activeNodes: number } } | undefined;
  return body?.clusterMetrics.activeNodes ?? 0;
}

async function applicationsAt(web: string): Promise<readonly YarnApplication[]> {
  const body = (await answerOf(web, 'apps')) as { apps: { app: readonly YarnApplication[] } | null } | undefined;
  return body?.apps?.app ?? [];
}

/** @returns undefined while nobody answers */
async function answerOf(web: string, what: string): Promise<unknown> {
  const asked = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(5_000) };
  const answer = await fetch(`http://${web}/ws/v1/cluster/${what}`, asked).catch(() => undefined);
  return answer?.ok === true ? await answer.json() : undefined;
}

async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`YARN: it did not come to that in 90 s: ${what}`);
    await sleep(200);
  }
}
