import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, ListObjectsV2CommandInput, ListObjectsV2CommandOutput, S3ClientConfig } from '@aws-sdk/client-s3';
import type { Location, Namespace } from '@hiveferry/core';
import { MigrationError, namespaceOf, partsOf } from '@hiveferry/core';
import { deletionRefused, faultOf } from './s3-faults.ts';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3StoreOptions {
  /** `s3a://bucket`. */
  readonly namespace: Namespace;
  readonly region: string;
  /** Absent: that of AWS for the region. */
  readonly endpoint?: string;
  /** The bucket stands in the path instead of the host name. */
  readonly pathStyle: boolean;
  /** Asked for when the first request is signed. Absent: what the AWS client finds by itself, such as the role of the machine. */
  readonly keys?: () => Promise<S3Keys>;
  /** For each request, and between two pieces of a content. @default 30000 */
  readonly timeoutMs?: number;
}

export interface S3Object {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

export interface S3Page {
  readonly objects: readonly S3Object[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

export interface S3ListRequest {
  readonly prefix: string;
  readonly after?: string | undefined;
  /** @default 1000, the most that S3 gives */
  readonly maxKeys?: number;
}

/** What a request is about, for its faults, and what ends it. */
export interface S3Subject {
  readonly subject: Location;
  readonly signal?: AbortSignal | undefined;
}

/** The requests of one bucket that the adapter needs; failures are faults with cause and advice. */
export interface S3Bucket {
  readonly timeoutMs: number;
  keyOf(location: Location): string;
  list(request: S3ListRequest, about: S3Subject): Promise<S3Page>;
  putEmpty(key: string, about: S3Subject): Promise<void>;
  /** At most 1000 keys; absent ones are no failure. */
  remove(keys: readonly string[], about: S3Subject): Promise<void>;
  get(
    request: { readonly key: string; readonly offset: number; readonly etag?: string },
    about: S3Subject,
  ): Promise<GetObjectCommandOutput>;
  close(): void;
}

const TRIES = 3;
const CONNECT_MS = 5_000;

export function openBucket(options: S3StoreOptions): S3Bucket {
  const client = new S3Client(configurationOf(options));
  const Bucket = options.namespace.slice(options.namespace.indexOf('://') + 3);
  const within = limits(options);
  return {
    timeoutMs: timeoutOf(options),
    keyOf: (location) => keyWithin(options.namespace, location),
    list: async (request, about) =>
      await within(about, async (limit) => pageOf(await client.send(new ListObjectsV2Command({ Bucket, ...listInput(request) }), limit))),
    putEmpty: async (key, about) => {
      const put = new PutObjectCommand({ Bucket, Key: key, Body: new Uint8Array(), ContentLength: 0 });
      await within(about, async (limit) => await client.send(put, limit));
    },
    remove: async (keys, about) => {
      const remove = new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } });
      const { Errors = [] } = await within(about, async (limit) => await client.send(remove, limit));
      const [first] = Errors;
      if (first !== undefined) throw deletionRefused(about.subject, `${first.Key ?? ''}: ${first.Code ?? ''} ${first.Message ?? ''}`);
    },
    get: async ({ key, offset, etag }, about) => {
      const Range = offset === 0 ? {} : { Range: `bytes=${offset}-` };
      const IfMatch = etag === undefined ? {} : { IfMatch: etag };
      return await within(
        about,
        async (limit) => await client.send(new GetObjectCommand({ Bucket, Key: key, ...Range, ...IfMatch }), limit),
      );
    },
    close: () => client.destroy(),
  };
}

interface Limit {
  readonly abortSignal: AbortSignal;
}

/** Runs a request within a time limit for all its tries, ends it by the signal, and makes its failure a fault. */
function limits(options: S3StoreOptions): <T>(about: S3Subject, send: (limit: Limit) => Promise<T>) => Promise<T> {
  return async ({ subject, signal }, send) => {
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutOf(options) * TRIES);
    try {
      return await send({ abortSignal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) });
    } catch (error) {
      signal?.throwIfAborted();
      throw faultOf(error, subject, options);
    }
  };
}

function timeoutOf({ timeoutMs }: S3StoreOptions): number {
  return timeoutMs ?? 30_000;
}

function listInput({ prefix, after, maxKeys }: S3ListRequest): Omit<ListObjectsV2CommandInput, 'Bucket'> {
  return {
    Prefix: prefix,
    EncodingType: 'url',
    ...(after === undefined ? {} : { ContinuationToken: after }),
    ...(maxKeys === undefined ? {} : { MaxKeys: maxKeys }),
  };
}

function configurationOf(options: S3StoreOptions): S3ClientConfig {
  const { region, endpoint, pathStyle, keys } = options;
  return {
    region,
    forcePathStyle: pathStyle,
    followRegionRedirects: true,
    maxAttempts: TRIES,
    // Other makers' stores do not know the checksums that AWS added in 2024.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeoutOf(options), throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined ? {} : { credentials: keys }),
  };
}

function keyWithin(namespace: Namespace, location: Location): string {
  if (namespaceOf(location) === namespace) return partsOf(location).segments.join('/');
  throw new MigrationError('FILE_NAMESPACE_UNKNOWN', `${location}: this store is ${namespace}.`, {
    category: 'defect',
    retry: 'never',
    subject: location,
  });
}

function pageOf({ Contents, NextContinuationToken, IsTruncated }: ListObjectsV2CommandOutput): S3Page {
  const objects = (Contents ?? []).flatMap(({ Key, Size, LastModified }) =>
    Key === undefined ? [] : [{ key: decoded(Key), sizeBytes: Size ?? 0, modifiedAtMs: LastModified?.getTime() ?? 0 }],
  );
  return IsTruncated === true && NextContinuationToken !== undefined ? { objects, next: NextContinuationToken } : { objects };
}

/** Keys come percent-encoded, since XML cannot hold every character; a plus is a space, as in forms. */
function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
