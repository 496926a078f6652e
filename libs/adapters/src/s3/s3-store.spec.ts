/** What the store does when S3 does not do its part: a server that answers as told. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MigrationError, parseLocation, parseNamespace } from '@hiveferry/core';
import type { Location, Namespace } from '@hiveferry/core';
import { crc32c } from './crc32c.ts';
import { createS3Store } from './index.ts';
import type { S3Store, S3StoreOptions } from './index.ts';

const NAMESPACE = known<Namespace>(parseNamespace('s3a://bucket'));
const FILE = known<Location>(parseLocation('s3a://bucket/data/f'));
const CONTENT = Buffer.from('0123456789'.repeat(1000));
const CHECKSUM = crc32c(CONTENT).toString(16).padStart(8, '0');

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

describe('an S3 store', () => {
  let server: Server;
  let endpoint: string;
  let answer: (asked: Asked, response: ServerResponse) => void;
  const asked: Asked[] = [];

  beforeEach(async () => {
    asked.length = 0;
    server = createServer((request, response) => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
      asked.push(one);
      request.resume();
      answer(one, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const store = (changes: Partial<S3StoreOptions> = {}): S3Store =>
    createS3Store({ namespace: NAMESPACE, region: 'eu-west-1', endpoint, pathStyle: true, keys: async () => KEYS, ...changes });
  const fails =
    (status: number, code: string, message = 'as told') =>
    (_: Asked, response: ServerResponse): void => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
    };

  it.each([
    [404, 'NoSuchBucket', 'BUCKET_NOT_FOUND', 'operator', /no such bucket at http/],
    [403, 'AccessDenied', 'FILE_ACCESS_DENIED', 'operator', /Grant s3:ListBucket/],
    [403, 'InvalidAccessKeyId', 'FILE_ACCESS_DENIED', 'operator', /accessKeyRef/],
    [403, 'SignatureDoesNotMatch', 'FILE_ACCESS_DENIED', 'operator', /secretKeyRef/],
    [400, 'AuthorizationHeaderMalformed', 'FILE_STORE_FAILED', 'operator', /not in region eu-west-1/],
    [503, 'SlowDown', 'FILE_STORE_UNREACHABLE', 'later', /did not answer/],
    [400, 'SomethingElse', 'FILE_STORE_FAILED', 'operator', /SomethingElse: as told/],
  ])('tells %i %s as %s', async (status, code, expected, retry, text) => {
    answer = fails(status, code);
    const error = await failureOf(store().files.status(FILE));
    expect(error).toMatchObject({ code: expected, retry, subject: FILE });
    expect(error.message).toMatch(text);
  });

  it('says that nothing listens there', async () => {
    const error = await failureOf(store({ endpoint: 'http://127.0.0.1:9' }).files.status(FILE));
    expect(error).toMatchObject({ code: 'FILE_STORE_UNREACHABLE', retry: 'later' });
    expect(error.message).toContain('http://127.0.0.1:9');
  });

  it('gives up on a server that never answers', async () => {
    answer = () => undefined;
    const error = await failureOf(store({ timeoutMs: 200 }).files.status(FILE));
    expect(error).toMatchObject({ code: 'FILE_STORE_UNREACHABLE' });
  });

  it('keeps secrets out of its faults', async () => {
    answer = fails(403, 'SignatureDoesNotMatch');
    const error = await failureOf(store().files.status(FILE));
    const told = JSON.stringify([error.message, error.detail, String(error.cause), error.stack]);
    expect(told).not.toContain(KEYS.secretAccessKey);
    expect(told).not.toContain(KEYS.accessKeyId);
  });

  it('passes on the fault of a reference that leads nowhere', async () => {
    const keys = async (): Promise<never> => {
      throw new MigrationError('SECRET_NOT_FOUND', 'Secret env:NO', { category: 'environment', retry: 'operator', subject: 'env:NO' });
    };
    expect(await failureOf(store({ keys }).files.status(FILE))).toMatchObject({ code: 'SECRET_NOT_FOUND', subject: 'env:NO' });
  });

  it('lists page by page, hides markers, and leaves out keys that no path can name', async () => {
    const pages: Readonly<Record<string, readonly [readonly string[], string?]>> = {
      '': [['data/f/', 'data/f//x', 'data/f/a_$folder$', 'data/f/b/'], 'more'],
      more: [['data/f/b/c%2Bd+e/1', 'data/f/b/c%2Bd+e/2', 'data/f/z']],
    };
    answer = ({ url }, response) => {
      const query = new URL(url, endpoint).searchParams;
      expect([query.get('prefix'), query.get('encoding-type')]).toEqual(['data/f/', 'url']);
      const [keys, next] = pages[query.get('continuation-token') ?? ''] ?? [[]];
      response.end(listing(keys, next));
    };
    const found: string[] = [];
    for await (const { location, kind } of store().files.walk(FILE)) found.push(`${kind} ${location.slice(FILE.length + 1)}`);
    expect(found).toEqual(['directory b', 'directory b/c+d e', 'file b/c+d e/1', 'file b/c+d e/2', 'file z']);
    expect(asked).toHaveLength(2);
  });

  it('says which key of many could not be removed', async () => {
    answer = ({ method }, response) =>
      method === 'GET'
        ? response.end(listing(['data/f/1']))
        : response.end('<DeleteResult><Error><Key>data/f/1</Key><Code>AccessDenied</Code></Error></DeleteResult>');
    const error = await failureOf(store().files.remove(FILE));
    expect(error).toMatchObject({ code: 'FILE_ACCESS_DENIED', subject: FILE });
    expect(error.message).toContain('data/f/1: AccessDenied');
  });

  it('goes on where a connection broke, on the same version of the object', async () => {
    answer = ({ headers }, response) => {
      const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      const rest = CONTENT.subarray(start);
      response.writeHead(start === 0 ? 200 : 206, { 'content-length': rest.length, etag: '"v1"' });
      if (asked.length < 3) response.write(rest.subarray(0, 4000), () => setTimeout(() => response.destroy(), 200));
      else response.end(rest);
    };
    const { checksums, failures, reRead } = await store().checksums.checksums([FILE]);
    expect(failures).toEqual([]);
    expect(checksums.get(FILE)).toMatchObject({ algorithm: 'COMPOSITE-CRC32C', value: CHECKSUM });
    expect(reRead).toEqual({ files: 1, bytes: CONTENT.length });
    expect(asked.map(({ headers }) => [headers.range, headers['if-match']])).toEqual([
      [undefined, undefined],
      ['bytes=4000-', '"v1"'],
      ['bytes=8000-', '"v1"'],
    ]);
  });

  it('gives no checksum of a file that changed while it was read', async () => {
    answer = (one, response) => {
      if (one.headers['if-match'] !== undefined) {
        fails(412, 'PreconditionFailed')(one, response);
        return;
      }
      response.writeHead(200, { 'content-length': CONTENT.length, etag: '"v1"' });
      response.write(CONTENT.subarray(0, 4000), () => setTimeout(() => response.destroy(), 200));
    };
    const { checksums, failures } = await store().checksums.checksums([FILE]);
    expect([...checksums]).toEqual([]);
    expect(failures.map(({ location, reason }) => [location, /changed while it was read/.test(reason)])).toEqual([[FILE, true]]);
  });

  it('does not wait for ever for a content that stands still', async () => {
    answer = (_, response) => {
      response.writeHead(206, { 'content-length': 10, etag: '"v1"' });
      response.flushHeaders();
    };
    const error = await failureOf(store({ timeoutMs: 2_000 }).checksums.checksums([FILE]));
    expect(error).toMatchObject({ code: 'FILE_STORE_UNREACHABLE', retry: 'later', subject: FILE });
    expect(error.message).toContain('nothing came for 2000 ms');
  });

  it('ends reading when asked', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 10, etag: '"v1"' });
      response.flushHeaders();
    };
    const controller = new AbortController();
    const reading = store().checksums.checksums([FILE], controller.signal);
    setTimeout(() => controller.abort(new Error('the step was ended: lost')), 50);
    await expect(reading).rejects.toThrow('the step was ended: lost');
  });
});

const KEYS = { accessKeyId: 'AKIDTHATISTOLDNOWHERE', secretAccessKey: 'secret-that-is-told-nowhere' };

function listing(keys: readonly string[], next?: string): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
  const more =
    next === undefined
      ? '<IsTruncated>false</IsTruncated>'
      : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`;
  return `<?xml version="1.0"?><ListBucketResult>${more}${contents}</ListBucketResult>`;
}

async function failureOf(work: Promise<unknown>): Promise<MigrationError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MigrationError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('cannot be parsed');
  return value;
}
