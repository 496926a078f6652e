import { MigrationError } from '@hiveferry/core';
import type { HivePlace } from '@hiveferry/ports';
import { causeOf } from './hive-error-text.ts';

/** What HiveServer2 says of a failure, in whichever of its two shapes: a refused request, or an operation that ended in error. */
export interface HiveFailure {
  readonly errorCode?: number | undefined;
  readonly sqlState?: string | undefined;
  readonly errorMessage?: string | undefined;
}

interface Place {
  readonly address: string;
}

const STATEMENT_SHOWN = 2000;

/** SQLSTATE of failures in execution; others (42xxx) say that the statement does not fit what is there. */
const EXECUTION_FAILED = '08S01';

/** Its metastore or a file system did not answer Hive: of that it also says that the statement does not fit (42000), since it asks while it compiles. */
const OUTAGE =
  /TTransportException|Could not connect to meta store|Unable to instantiate \S*MetaStoreClient|ConnectException|Connection (?:refused|reset)|SocketTimeoutException|Broken pipe/;

export function statementFailed(place: Place, statement: string, failure: HiveFailure): MigrationError {
  const text = failure.errorMessage ?? '';
  const message = `HiveServer2 ${place.address} refused the statement: ${causeOf(text)}`;
  return new MigrationError('HIVE_STATEMENT_FAILED', message, {
    category: 'environment',
    retry: failure.sqlState === EXECUTION_FAILED || OUTAGE.test(text) ? 'later' : 'operator',
    subject: place.address,
    detail: { errorCode: failure.errorCode ?? 0, sqlState: failure.sqlState ?? '', text, statement: statement.slice(0, STATEMENT_SHOWN) },
  });
}

/** Most often it is full or half started, so trying again later is right. */
export function sessionRefused(place: Place, failure: HiveFailure): MigrationError {
  const text = failure.errorMessage ?? '';
  const message = `HiveServer2 ${place.address} opened no session: ${causeOf(text)}`;
  return new MigrationError('HIVE_SESSION_REFUSED', message, {
    category: 'environment',
    retry: 'later',
    subject: place.address,
    detail: { errorCode: failure.errorCode ?? 0, sqlState: failure.sqlState ?? '', text },
  });
}

export function statementCancelled(place: Place, cause: unknown): MigrationError {
  const message = `The statement on HiveServer2 ${place.address} was cancelled before it ended.`;
  return new MigrationError('HIVE_STATEMENT_CANCELLED', message, { category: 'conflict', retry: 'later', subject: place.address, cause });
}

export function hiveUnreachable(place: Place, reason: string, cause?: unknown): MigrationError {
  const message = `HiveServer2 ${place.address} cannot be reached: ${reason}. Check that it runs, and that host, port, transport mode and ssl are right.`;
  return new MigrationError('HIVE_UNREACHABLE', message, { category: 'environment', retry: 'later', subject: place.address, cause });
}

export function hiveTimeout(place: Place, what: string, timeoutMs: number): MigrationError {
  const message = `HiveServer2 ${place.address}: ${what} took more than ${timeoutMs} ms.`;
  return new MigrationError('HIVE_TIMEOUT', message, {
    category: 'environment',
    retry: 'later',
    subject: place.address,
    detail: { what, timeoutMs },
  });
}

/** A client and a server that disagree on what is spoken wait for each other for ever, so this is what a time-out here most often means. */
export function openTimeout(place: SpokenPlace, timeoutMs: number): MigrationError {
  const message = `HiveServer2 ${place.address} opened no session within ${timeoutMs} ms. We speak ${spokenTo(place)}: check that it does.`;
  return new MigrationError('HIVE_TIMEOUT', message, {
    category: 'environment',
    retry: 'later',
    subject: place.address,
    detail: { what: 'opening a session', timeoutMs, auth: place.auth },
  });
}

type SpokenPlace = Place & Pick<HivePlace, 'auth' | 'http' | 'tls'>;

/** In the words of Hive's configuration. */
function spokenTo({ auth, http, tls }: SpokenPlace): string {
  const mode = `hive.server2.transport.mode ${http === undefined ? 'binary' : 'http'}`;
  const authentication = http === undefined ? `, hive.server2.authentication ${auth === 'nosasl' ? 'NOSASL' : 'NONE, LDAP or CUSTOM'}` : '';
  return `${mode}${authentication}, hive.server2.use.SSL ${tls === undefined ? 'false' : 'true'}`;
}

/** Its cluster was registered anew or removed, or the process ends: whoever tries again asks for the cluster's client anew. */
export function hiveClosed(place: Place): MigrationError {
  const message = `The client of HiveServer2 ${place.address} was closed.`;
  return new MigrationError('HIVE_CLOSED', message, { category: 'conflict', retry: 'now', subject: place.address });
}
