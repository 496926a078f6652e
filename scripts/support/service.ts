/** Starts a built service as a process of its own, as a user would, and waits until it answers. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What can be built and started; `standalone` is all in one. */
export type ServiceName = 'standalone' | 'api' | 'planner' | 'executor';

const mainFileOf = (name: ServiceName): string => join(root, `dist/apps/${name}/src/main.js`);

export interface ServiceOptions {
  /** @default standalone */
  readonly name?: ServiceName;
  /** Postgres data, logs and artefacts of the service. */
  readonly dataDirectory: string;
  /** A free one is taken when absent. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningService {
  readonly name: ServiceName;
  readonly url: string;
  readonly port: number;
  readonly logFile: string;
  readonly process: ChildProcess;
  /** SIGTERM and wait; SIGKILL after 30 s. */
  stop(): Promise<void>;
}

/** Builds all of them at once when a source is newer than the last build. @throws Error with the compiler's text */
export function buildService(name: ServiceName = 'standalone'): void {
  const mainFile = mainFileOf(name);
  const builtAt = existsSync(mainFile) ? statSync(mainFile).mtimeMs : 0;
  if (['apps', 'libs'].every((folder) => newestSource(join(root, folder)) < builtAt)) return;
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  const result = spawnSync(process.execPath, [nest, 'build', 'standalone'], { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The service does not build:\n${result.stdout}\n${result.stderr}`);
}

export async function startService(options: ServiceOptions): Promise<RunningService> {
  mkdirSync(options.dataDirectory, { recursive: true });
  const port = options.port ?? (await freePort());
  const logFile = join(options.dataDirectory, 'service.log');
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', mainFileOf(options.name ?? 'standalone')], {
    cwd: root,
    env: { ...process.env, FERRY_HTTP_PORT: String(port), FERRY_DATA_DIR: options.dataDirectory, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const url = `http://127.0.0.1:${port}`;
  const { name = 'standalone' } = options;
  await ready(url, child, logFile);
  return { name, url, port, logFile, process: child, stop: () => stop(child) };
}

/**
 * @returns the preferred port when nobody listens there, else any free one: below those that clients and servers without a port of their
 * own get from Linux, and the lab's, so that nobody takes it before the service listens
 */
export async function freePort(preferred = anyPort()): Promise<number> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(freePort()));
    server.listen(preferred, '127.0.0.1', () => server.close(() => resolve(preferred)));
  });
}

const anyPort = (): number => 12_000 + Math.floor(Math.random() * 8_000);

async function ready(url: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The service ended with code ${child.exitCode}:\n${tail(logFile)}`);
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  child.kill('SIGKILL');
  throw new Error(`The service did not get ready within 90 s:\n${tail(logFile)}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(killer);
}

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-30).join('\n') : '(no log)');

function newestSource(folder: string): number {
  if (!existsSync(folder)) return 0;
  const times = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|cjs|json)$/.test(name) && !name.includes('node_modules') && !name.endsWith('.spec.ts'))
    .map((name) => statSync(join(folder, name)).mtimeMs);
  return Math.max(0, ...times);
}
