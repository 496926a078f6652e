import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '@hiveferry/core';

export interface WebHdfsOptions {
  /** `http://host:9870`, several by commas: the next one is tried when one is a standby or does not answer. */
  readonly webHdfsUri: string;
  readonly user: string;
  /** For each request. @default 30000 */
  readonly timeoutMs?: number;
}

export interface WebHdfsRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly operation: string;
  /** Undecoded path segments. */
  readonly segments: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  /** The location, for messages. */
  readonly subject: string;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one operation; JSON of the answer, `undefined` when nothing is there (404). All operations sent through it can be repeated. */
export type WebHdfsClient = (request: WebHdfsRequest) => Promise<unknown>;

/** An exception that the NameNode answered, under Hadoop's own name. */
interface RemoteException {
  readonly exception: string;
  readonly message: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly remote?: RemoteException;
}

const ROUNDS = 2;
const PAUSE_MS = 200;

export function webHdfsClient(options: WebHdfsOptions): WebHdfsClient {
  const uris = options.webHdfsUri.split(',').map((uri) =>
    uri
      .trim()
      .replace(/\/+$/, '')
      .replace(/\/webhdfs\/v1$/, ''),
  );
  let active = 0;
  return async (request) => {
    let failure: unknown;
    for (let attempt = 0; attempt < ROUNDS * uris.length; attempt += 1) {
      const uri = uris[active % uris.length] ?? '';
      try {
        const answer = await send(uri, request, options);
        if (!isStandby(answer)) return bodyOf(answer, request, options.user);
        failure = answer.remote?.message;
      } catch (cause) {
        if (cause instanceof MigrationError || request.signal?.aborted === true) throw cause;
        failure = cause;
      }
      active += 1;
      if (attempt > 0) await sleep(PAUSE_MS);
    }
    throw unreachable(request.subject, options.webHdfsUri, failure);
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function send(uri: string, request: WebHdfsRequest, options: WebHdfsOptions): Promise<Answer> {
  const parameters = new URLSearchParams({ op: request.operation, 'user.name': options.user, ...request.parameters });
  const path = request.segments.map(encodeURIComponent).join('/');
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
  const response = await fetch(`${uri}/webhdfs/v1/${path}?${parameters.toString()}`, { method: request.method, signal, redirect: 'error' });
  const text = await response.text();
  const body = parseJson(text);
  const remote = remoteOf(body);
  return { status: response.status, body, ...(remote === undefined ? {} : { remote }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function remoteOf(body: unknown): RemoteException | undefined {
  const remote = isRecord(body) ? body['RemoteException'] : undefined;
  if (!isRecord(remote)) return undefined;
  const text = (name: string): string => (typeof remote[name] === 'string' ? remote[name] : '');
  return { exception: text('exception'), message: text('message').split('\n')[0] ?? '' };
}

function isStandby(answer: Answer): boolean {
  return answer.remote?.exception === 'StandbyException';
}

function bodyOf(answer: Answer, request: WebHdfsRequest, user: string): unknown {
  const { status, remote, body } = answer;
  if (remote?.exception === 'FileNotFoundException') return undefined;
  if (status >= 200 && status < 300) return body;
  const said = remote === undefined ? `HTTP ${status}` : `${remote.exception}: ${remote.message}`;
  const facts = { subject: request.subject, detail: { operation: request.operation, status, ...(remote ?? {}) } };
  if (remote?.exception === 'UnsupportedOperationException' || /parameter "op"/.test(remote?.message ?? '')) {
    throw new MigrationError('FILE_OPERATION_UNKNOWN', `${request.subject}: this NameNode does not know ${request.operation}. ${said}`, {
      ...facts,
      category: 'environment',
      retry: 'never',
    });
  }
  if (status === 401 || /AccessControl|Authorization|Security/.test(remote?.exception ?? '')) {
    throw new MigrationError(
      'FILE_ACCESS_DENIED',
      `${request.subject}: user ${user} may not do this. ${said}. Grant the access, or name another user in the cluster's registration.`,
      { ...facts, category: 'environment', retry: 'operator' },
    );
  }
  if (remote?.exception === 'FileAlreadyExistsException' || /rename destination directory is not empty/.test(remote?.message ?? '')) {
    throw new MigrationError('FILE_EXISTS', `${request.subject}: the new name is taken. ${said}`, {
      ...facts,
      category: 'conflict',
      retry: 'operator',
    });
  }
  if (/SafeMode|Retriable/.test(remote?.exception ?? '')) {
    throw new MigrationError('FILE_STORE_UNREACHABLE', `${request.subject}: the NameNode does not serve this now. ${said}`, {
      ...facts,
      category: 'environment',
      retry: 'later',
    });
  }
  throw new MigrationError('FILE_STORE_FAILED', `${request.subject}: ${request.operation} failed. ${said}`, {
    ...facts,
    category: 'environment',
    retry: status >= 500 ? 'later' : 'operator',
  });
}

function unreachable(subject: string, uri: string, failure: unknown): MigrationError {
  const inner = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
  const said = inner instanceof Error ? inner.message : String(inner);
  return new MigrationError(
    'FILE_STORE_UNREACHABLE',
    `${subject}: WebHDFS at ${uri} did not answer (${said}). Check that the NameNode is up, and the address in the cluster's registration.`,
    {
      category: 'environment',
      retry: 'later',
      subject,
      cause: failure,
      detail: { webHdfsUri: uri },
    },
  );
}
