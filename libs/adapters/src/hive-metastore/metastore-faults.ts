import { MigrationError } from '@hiveferry/core';
import type { Retry } from '@hiveferry/core';

/** Where a metastore listens, as it is named in messages. */
export interface MetastoreAddress {
  readonly host: string;
  readonly port: number;
}

/** `TApplicationExceptionType.UNKNOWN_METHOD` of Thrift. */
const UNKNOWN_METHOD = 1;

const RETRY_BY_EXCEPTION: Readonly<Record<string, Retry>> = {
  // The metastore's own trouble, as a rule with its database; everything else says something about the objects asked for.
  MetaException: 'later',
  TApplicationException: 'later',
};

export const addressText = (address: MetastoreAddress): string => `${address.host}:${address.port}`;

export function unreachable(address: MetastoreAddress, reason: string, cause?: unknown): MigrationError {
  const message = `Metastore ${addressText(address)} cannot be reached: ${reason}. Check that it runs and that host and port are right.`;
  return new MigrationError('METASTORE_UNREACHABLE', message, {
    category: 'environment',
    retry: 'later',
    subject: addressText(address),
    cause,
  });
}

export function connectionLost(address: MetastoreAddress, method: string): MigrationError {
  const message = `Metastore ${addressText(address)} closed the connection during ${method}. Its log says why.`;
  return new MigrationError('METASTORE_CONNECTION_LOST', message, {
    category: 'environment',
    retry: 'later',
    subject: addressText(address),
    detail: { method },
  });
}

export function timedOut(address: MetastoreAddress, method: string, timeoutMs: number): MigrationError {
  const message = `Metastore ${addressText(address)} did not answer ${method} within ${timeoutMs} ms.`;
  return new MigrationError('METASTORE_TIMEOUT', message, {
    category: 'environment',
    retry: 'later',
    subject: addressText(address),
    detail: { method, timeoutMs },
  });
}

/** A call that the metastore answered by an exception. */
export function callFailed(call: { readonly method: string; readonly subject: string }, cause: unknown): MigrationError {
  const exception = exceptionName(cause);
  const text = exceptionText(cause);
  const message = `Metastore call ${call.method} for ${call.subject} failed: ${exception}: ${text}`;
  return new MigrationError('METASTORE_CALL_FAILED', message, {
    category: 'environment',
    retry: RETRY_BY_EXCEPTION[exception] ?? 'operator',
    subject: call.subject,
    detail: { method: call.method, exception, text },
    cause,
  });
}

export function tableUnreadable(subject: string, cause: unknown): MigrationError {
  const reason = exceptionText(cause instanceof MigrationError ? cause.cause : cause);
  const message = `The metastore cannot give table ${subject}: ${reason}. Other tables are not affected.`;
  return new MigrationError('METASTORE_TABLE_UNREADABLE', message, {
    category: 'environment',
    retry: 'operator',
    subject,
    detail: { reason },
    cause,
  });
}

/** True when the metastore answered that there is no such object. */
export function isMissing(fault: unknown): boolean {
  return isCallFailure(fault, 'NoSuchObjectException') || isCallFailure(fault, 'UnknownDBException');
}

/** True when this metastore's version does not know the called method. */
export function isUnknownMethod(fault: unknown): boolean {
  if (!isCallFailure(fault, 'TApplicationException')) return false;
  const { cause } = fault;
  return typeof cause === 'object' && cause !== null && 'type' in cause && cause.type === UNKNOWN_METHOD;
}

export function isCallFailure(fault: unknown, exception?: string): fault is MigrationError {
  if (!(fault instanceof MigrationError) || fault.code !== 'METASTORE_CALL_FAILED') return false;
  return exception === undefined || fault.detail['exception'] === exception;
}

function exceptionName(cause: unknown): string {
  return cause instanceof Error && cause.name !== '' ? cause.name : 'exception';
}

function exceptionText(cause: unknown): string {
  // Thrift sets the message to null when the server sent none.
  const text: unknown = cause instanceof Error ? cause.message : cause;
  return typeof text === 'string' && text !== '' ? text : 'no message';
}
