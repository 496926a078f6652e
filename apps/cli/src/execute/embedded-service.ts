import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { MigrationError } from '@hiveferry/core';

/** The service as it is asked over HTTP. */
export interface Service {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body?: object) => Promise<T>;
  readonly put: (path: string, body: object) => Promise<void>;
  readonly text: (path: string) => Promise<string>;
  readonly bytes: (path: string) => Promise<Readable>;
  /** Lines of an event stream, until it ends or the signal is given. */
  readonly lines: (path: string, signal: AbortSignal) => AsyncGenerator<string>;
  readonly close: () => Promise<void>;
}

interface BuiltService {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the service in this process, built when it must be: its sources hold decorators, which Node does not run as they are.
 *
 * @param folder data folder of the service; what an earlier run left there goes on
 * Faults: SERVICE_NOT_STARTED.
 */
export async function startService(folder: string): Promise<Service> {
  const root = projectRoot(import.meta.dirname);
  const built = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'scripts/build-service.ts')], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw notStarted(`it does not build: ${built.stderr.trim()}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  try {
    const module = (await import(join(root, 'dist/apps/standalone/src/embedded.js'))) as {
      readonly startEmbedded: (folder: string) => Promise<BuiltService>;
    };
    return clientOf(await module.startEmbedded(folder));
  } catch (error) {
    throw notStarted(error instanceof Error ? error.message : String(error));
  }
}

/** This file may run as it is or as a part of a bundle: the project is the first folder above that can build the service. */
function projectRoot(folder: string): string {
  const parent = dirname(folder);
  if (parent === folder || existsSync(join(folder, 'scripts/build-service.ts'))) return folder;
  return projectRoot(parent);
}

function clientOf({ url, close }: BuiltService): Service {
  const ask = async (method: string, path: string, { body, signal }: Asking = {}): Promise<Response> => {
    const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${url}${path}`, { method, ...json, ...(signal === undefined ? {} : { signal }) });
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  };
  const asked = async <T>(method: string, path: string, body?: object): Promise<T> =>
    // The service in this process is of this version: its answers are what its contracts say.
    (await (await ask(method, path, body === undefined ? {} : { body })).json()) as T;
  return {
    get: async <T>(path: string) => await asked<T>('GET', path),
    post: async <T>(path: string, body?: object) => await asked<T>('POST', path, body),
    put: async (path, body) => {
      await ask('PUT', path, { body });
    },
    text: async (path) => await (await ask('GET', path)).text(),
    bytes: async (path) => Readable.from(chunksOf(await ask('GET', path))),
    lines: (path, signal) => linesOf(async () => await ask('GET', path, { signal })),
    close: async () => {
      await close();
      // Connections that Node keeps for later would keep the process.
      await wait(0);
    },
  };
}

interface Asking {
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** Node's fetch gives bytes; its types say anything. */
const chunksOf = ({ body }: Response): AsyncIterable<Uint8Array> => (body ?? []) as AsyncIterable<Uint8Array>;

async function* linesOf(open: () => Promise<Response>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(await open())) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly message?: string }[];
}

async function refusalOf(answer: Response): Promise<MigrationError> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const places = (problem.errors ?? []).map(({ pointer = '', message = '' }) => `${pointer} ${message}`);
  const message = [problem.detail ?? problem.title ?? `the service answered ${answer.status}`, ...places].join('; ');
  const category = answer.status < 500 ? 'request' : 'environment';
  return new MigrationError(problem.code ?? 'SERVICE_REFUSED', message, { category, retry: 'operator', subject: answer.url });
}

function notStarted(reason: string): MigrationError {
  const message = `The service that executes the plan did not start: ${reason}`;
  return new MigrationError('SERVICE_NOT_STARTED', message, { category: 'environment', retry: 'operator', subject: 'service' });
}
