import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Location } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { S3Bucket } from './s3-bucket.ts';

const TRIES_WITHOUT_PROGRESS = 3;
const PAUSE_MS = 200;

/**
 * The content of one object, piece by piece. When a connection breaks or brings nothing for the time limit, it goes on where it stood,
 * and only on the same version of the object.
 *
 * Faults: FILE_NOT_FOUND, FILE_CHANGED, FILE_ACCESS_DENIED, FILE_STORE_UNREACHABLE.
 */
export async function* contentOf(bucket: S3Bucket, location: Location, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const key = bucket.keyOf(location);
  let [offset, failures] = [0, 0];
  let version: string | undefined;
  for (;;) {
    const before = offset;
    try {
      const { Body, ETag } = await bucket.get(
        { key, offset, ...(version === undefined ? {} : { etag: version }) },
        { subject: location, signal },
      );
      version = ETag;
      for await (const piece of piecesOf(Body, bucket.timeoutMs, signal)) {
        offset += piece.length;
        yield piece;
      }
      return;
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof MigrationError) throw cause;
      failures = offset > before ? 1 : failures + 1;
      if (failures >= TRIES_WITHOUT_PROGRESS) throw brokenOff(location, offset, cause);
    }
    await sleep(PAUSE_MS, undefined, signal === undefined ? {} : { signal });
  }
}

/** The client's time limits end with the headers: these watch over the body. */
async function* piecesOf(body: unknown, timeoutMs: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) throw new TypeError('the S3 client gave no stream');
  const watch = setTimeout(() => body.destroy(new Error(`nothing came for ${timeoutMs} ms`)), timeoutMs);
  const end = (): unknown => body.destroy(new Error('ended on request'));
  signal?.addEventListener('abort', end, { once: true });
  try {
    for await (const piece of body) {
      watch.refresh();
      if (piece instanceof Uint8Array) yield piece;
    }
  } finally {
    clearTimeout(watch);
    signal?.removeEventListener('abort', end);
    body.destroy();
  }
}

function brokenOff(location: Location, offset: number, cause: unknown): MigrationError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new MigrationError('FILE_STORE_UNREACHABLE', `${location}: reading broke off after ${offset} bytes, again and again (${said}).`, {
    category: 'environment',
    retry: 'later',
    subject: location,
    detail: { offset },
  });
}
