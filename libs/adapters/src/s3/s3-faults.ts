import type { FaultFacts, Location, Namespace } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';

/** Where the store was looked for: said in messages. */
export interface S3Address {
  readonly namespace: Namespace;
  readonly region: string;
  readonly endpoint?: string;
}

interface Said {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
}

const BAD_KEYS = ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken', 'CredentialsProviderError'];
const DENIED = ['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'Forbidden'];
const WRONG_PLACE = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'UnknownEndpoint'];
const BUSY = [
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestTimeout',
  'InternalError',
  'ServiceUnavailable',
  'TimeoutError',
  'AbortError',
];
const NETWORK = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|socket|certificate|SSL/i;

/**
 * A failure of the S3 client as a fault. The client's own error is not its cause: it holds the signed request.
 */
export function faultOf(error: unknown, subject: Location, address: S3Address): MigrationError {
  if (error instanceof MigrationError) return error;
  const said = saidBy(error);
  const text = `${said.name}: ${said.message}`;
  const facts = {
    category: 'environment' as const,
    subject,
    detail: { ...address, ...(said.status === undefined ? {} : { status: said.status }), error: said.name },
  };
  if (said.name === 'NoSuchBucket') return bucketNotFound(facts, address);
  if (said.name === 'NoSuchKey' || said.name === 'NotFound') {
    return new MigrationError('FILE_NOT_FOUND', `${subject}: there is no such file. Restore it, or correct the location.`, {
      ...facts,
      retry: 'operator',
    });
  }
  if (said.name === 'PreconditionFailed') {
    return new MigrationError('FILE_CHANGED', `${subject}: the file changed while it was read. Stop its writers, then resume.`, {
      ...facts,
      retry: 'later',
    });
  }
  return (
    accessFault(said, facts) ??
    placeFault(said, { facts, address }) ??
    new MigrationError('FILE_STORE_FAILED', `${subject}: the request failed. ${text}`, { ...facts, retry: 'operator' })
  );
}

/** Some of many keys were not removed. */
export function deletionRefused(subject: Location, said: string): MigrationError {
  return new MigrationError(
    'FILE_ACCESS_DENIED',
    `${subject}: not all could be removed, first ${said}. Grant s3:DeleteObject to the key.`,
    {
      category: 'environment',
      retry: 'operator',
      subject,
    },
  );
}

function bucketNotFound(facts: Omit<FaultFacts, 'retry'>, { namespace, endpoint, region }: S3Address): MigrationError {
  const where = endpoint ?? `AWS in ${region}`;
  return new MigrationError(
    'BUCKET_NOT_FOUND',
    `${namespace}: there is no such bucket at ${where}. Make it, or correct namespace, endpoint and region in the cluster's registration.`,
    { ...facts, retry: 'operator' },
  );
}

function accessFault({ name, message, status }: Said, facts: Omit<FaultFacts, 'retry'>): MigrationError | undefined {
  const { subject } = facts;
  if (BAD_KEYS.includes(name)) {
    const advice = 'Correct what accessKeyRef and secretKeyRef of the object store point to.';
    return new MigrationError('FILE_ACCESS_DENIED', `${subject}: the keys are not accepted. ${name}: ${message} ${advice}`, {
      ...facts,
      retry: 'operator',
    });
  }
  if (!DENIED.includes(name) && status !== 401 && status !== 403) return undefined;
  const advice = 'Grant s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject on the bucket.';
  return new MigrationError('FILE_ACCESS_DENIED', `${subject}: the keys may not do this. ${name}: ${message} ${advice}`, {
    ...facts,
    retry: 'operator',
  });
}

function placeFault(
  { name, message, status }: Said,
  { facts, address }: { readonly facts: Omit<FaultFacts, 'retry'>; readonly address: S3Address },
): MigrationError | undefined {
  const { subject } = facts;
  if (WRONG_PLACE.includes(name) || status === 301) {
    const text = `${subject}: the bucket is not in region ${address.region}. ${name}: ${message} Correct region and endpoint in the cluster's registration.`;
    return new MigrationError('FILE_STORE_FAILED', text, { ...facts, retry: 'operator' });
  }
  if (!BUSY.includes(name) && !NETWORK.test(`${name} ${message}`) && (status === undefined || status < 500)) return undefined;
  const where = address.endpoint ?? `AWS in ${address.region}`;
  const text = `${subject}: S3 at ${where} did not answer (${name}: ${message}). Check that it is up, and the endpoint in the cluster's registration.`;
  return new MigrationError('FILE_STORE_UNREACHABLE', text, { ...facts, retry: 'later' });
}

function saidBy(error: unknown): Said {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode) : Number.NaN;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error.message === '' ? code : error.message;
  return {
    name: error.name === 'Error' && code !== '' ? code : error.name,
    message: message.replace(/\s+/g, ' ').slice(0, 500),
    ...(Number.isNaN(status) ? {} : { status }),
  };
}
