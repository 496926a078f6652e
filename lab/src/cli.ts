/** `npm run lab -- COMMAND`: see docs/how-to/lab.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastLines } from './commands.ts';
import type { DataSize } from './data/catalog.ts';
import { loadData } from './data/load.ts';
import { labDirectory } from './directories.ts';
import { labDown } from './down.ts';
import { labFile, type Side } from './lab.ts';
import { insideNamespace, namespaceHolder, runInside } from './network-namespace.ts';
import { logFile } from './processes.ts';
import { labReset } from './reset.ts';
import { PARTS, SERVICES, type Part } from './services.ts';
import { labStatus, statusText } from './status.ts';
import { labUp } from './up.ts';

const USAGE = `usage: npm run lab -- COMMAND
  up [--without kafka,s3] [--netns]   start what does not run, and check that all of it works
  down [--purge]                      stop all; --purge also removes the lab folder
  status                              what runs and where it listens
  logs [SERVICE] [--lines N]          the last lines of the logs
  reset [--target]                    back to empty without a restart; --target: only the target cluster
  data tiny|small | data --tables N   load the data set into the source cluster
  exec [--side target] -- PROGRAM ... run a program with the lab's hadoop and hdfs first on PATH
services: ${SERVICES.map((service) => service.name).join(' ')}`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    without: { type: 'string', default: '' },
    netns: { type: 'boolean', default: false },
    purge: { type: 'boolean', default: false },
    target: { type: 'boolean', default: false },
    lines: { type: 'string', default: '20' },
    tables: { type: 'string' },
    side: { type: 'string', default: 'source' },
  },
});
const directory = labDirectory();
const [command = '', ...rest] = positionals;

const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  up: async () => {
    await labUp({ without: parts(options.without), ...inNamespace() });
    return 0;
  },
  down: async () => {
    const stopped = await labDown({ purge: options.purge });
    console.log(stopped.length === 0 ? 'nothing was running' : `stopped ${stopped.join(', ')}`);
    return 0;
  },
  status: async () => {
    console.log(statusText(labStatus(), (await namespaceHolder(directory, false)) !== undefined));
    return existsSync(labFile(directory)) ? 0 : 1;
  },
  logs: async () => {
    for (const name of rest.length > 0 ? rest : SERVICES.map((service) => service.name)) showLog(name);
    return 0;
  },
  reset: async () => {
    const started = Date.now();
    await labReset({ target: options.target });
    console.log(`empty after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return 0;
  },
  data: async () => {
    await loadData(dataSize());
    return 0;
  },
  exec: async () => {
    const [program = 'true', ...args] = rest;
    const side: Side = options.side === 'target' ? 'target' : 'source';
    const path = [join(directory, 'bin', side), process.env['PATH'] ?? ''].join(delimiter);
    return spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, PATH: path } }).status ?? 1;
  },
};

process.exitCode = await main().catch((error: unknown) => {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  console.error(`lab: ${error instanceof Error ? error.message : String(error)}${cause}`);
  return 1;
});

async function main(): Promise<number> {
  const perform = COMMANDS[command];
  if (perform === undefined) {
    console.error(USAGE);
    return 2;
  }
  const outside = insideNamespace() === undefined && !['down', 'logs', 'status'].includes(command);
  const create = options.netns && command === 'up';
  if (create) mkdirSync(directory, { recursive: true });
  const holder = outside ? await namespaceHolder(directory, create) : undefined;
  return holder === undefined ? await perform() : runInside(holder, process.argv);
}

function inNamespace(): { readonly netnsPid?: number } {
  const netnsPid = insideNamespace();
  return netnsPid === undefined ? {} : { netnsPid };
}

function parts(text: string): readonly Part[] {
  return text
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const part = PARTS.find((each) => each === name);
      if (part === undefined || part === 'hdfs') throw new Error(`--without takes ${PARTS.slice(1).join(', ')}, not ${name}`);
      return part;
    });
}

function dataSize(): DataSize {
  if (options.tables !== undefined) return { tables: Number(options.tables) };
  const [size] = rest;
  if (size === 'tiny' || size === 'small') return size;
  throw new Error('data takes tiny, small or --tables N');
}

function showLog(name: string): void {
  const file = logFile(directory, name);
  if (!SERVICES.some((service) => service.name === name)) throw new Error(`no service is named ${name}`);
  console.log(`== ${name}: ${file}`);
  if (existsSync(file)) console.log(lastLines(readFileSync(file, 'utf8'), Number(options.lines)));
}
