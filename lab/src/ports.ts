/** Free loopback ports, picked once per lab folder: the metastores keep the NameNode's address in every location. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const PORT_NAMES = [
  'postgres',
  'kafka',
  'kafkaController',
  's3',
  ...['source', 'target'].flatMap((side) =>
    ['NameNode', 'NameNodeHttp', 'DataNode', 'DataNodeHttp', 'DataNodeIpc', 'Metastore', 'HiveServer2', 'HiveServer2Http'].map(
      (name) => `${side}${name}`,
    ),
  ),
];

/** Below Linux's range for outgoing connections, so that no client takes a port between two starts. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

export type Ports = (name: string) => number;

/** Ports of the running lab, and new ones for those of stopped services that another program took meanwhile. */
export async function pickPorts(directory: string, isRunning: (portName: string) => boolean): Promise<Ports> {
  const file = join(directory, 'ports.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
  const picked: Record<string, number> = {};
  for (const name of PORT_NAMES) {
    const port = known[name];
    if (port !== undefined && (isRunning(name) || (await isFree(port)))) picked[name] = port;
    else if (port !== undefined && name.endsWith('NameNode')) throw new Error(takenNameNode(port));
    else picked[name] = await freePort(new Set([...Object.values(known), ...Object.values(picked)]));
  }
  mkdirSync(directory, { recursive: true });
  writeAtomically(file, JSON.stringify(picked, null, 2));
  return (name) => {
    const port = picked[name];
    if (port === undefined) throw new Error(`no port is named ${name}`);
    return port;
  };
}

export function writeAtomically(file: string, content: string): void {
  writeFileSync(`${file}.new`, `${content}\n`);
  renameSync(`${file}.new`, file);
}

function takenNameNode(port: number): string {
  return `port ${port} of a NameNode is taken by another program, and the loaded tables name it: npm run lab -- down --purge`;
}

async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

/** Tries all interfaces, because some Hive listeners take all of them. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
