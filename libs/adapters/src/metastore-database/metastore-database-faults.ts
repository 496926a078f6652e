import { MigrationError } from '@hiveferry/core';

/** Where the database is, as it is named in messages: `host:port/database`. */
export interface DatabaseAddress {
  readonly address: string;
}

/** What the drivers say of a failure. */
interface DriverError {
  readonly code: string;
  readonly text: string;
}

const isDriverCode = (error: object): error is { readonly code: string } => 'code' in error && typeof error.code === 'string';

function driverError(cause: unknown): DriverError {
  const text = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  return { code: typeof cause === 'object' && cause !== null && isDriverCode(cause) ? cause.code : '', text };
}

/** Password or user wrong, database unknown, no right to connect. */
const LOGIN = /^(?:28|3D000|42501|ER_ACCESS_DENIED|ER_DBACCESS_DENIED|ER_BAD_DB)/;
/** No TLS where it is asked for, or a certificate that nobody vouches for; `pg` says the first in words only. */
const UNTRUSTED = /^(?:HANDSHAKE_\w*SSL|ER_SECURE_TRANSPORT|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|does not support SSL/;
const NO_TABLE = /^(?:42P01|42703|ER_NO_SUCH_TABLE|ER_UNKNOWN_TABLE|ER_BAD_FIELD)/;
const NO_RIGHT = /^(?:42501|ER_TABLEACCESS_DENIED|ER_COLUMNACCESS_DENIED)/;
/** The server goes away, is full, or ended the statement; or the network did. */
const PASSING = /^(?:08|53|55|57|40|E[A-Z]+$|ER_LOCK|ER_QUERY_TIMEOUT|ER_CON_COUNT|PROTOCOL_)/;

export function notConnected({ address }: DatabaseAddress, cause: unknown): MigrationError {
  const { code, text } = driverError(cause);
  if (LOGIN.test(code)) {
    const message = `The metastore's database ${address} refuses us: ${text}. Check database, user and passwordRef.`;
    return fault('METASTORE_DATABASE_REFUSED', message, { subject: address, retry: 'operator', cause });
  }
  if (UNTRUSTED.test(code) || UNTRUSTED.test(text)) {
    const message = `The metastore's database ${address} and we do not agree on TLS: ${text}. Check tls: caRef names the authority of its certificate, verify: false takes any.`;
    return fault('METASTORE_DATABASE_UNTRUSTED', message, { subject: address, retry: 'operator', cause });
  }
  const message = `The metastore's database ${address} cannot be reached: ${text}. Check that it runs and that host and port are right.`;
  return fault('METASTORE_UNREACHABLE', message, { subject: address, retry: 'later', cause });
}

export function statementFailed({ address }: DatabaseAddress, cause: unknown): MigrationError {
  const { code, text } = driverError(cause);
  const facts = { subject: address, cause };
  if (NO_TABLE.test(code)) {
    const message = `Database ${address} holds no metastore of Hive that we know: ${text}. Check the name of the database and, on PostgreSQL, the search path of the user.`;
    return fault('METASTORE_DATABASE_UNKNOWN', message, { ...facts, retry: 'operator' });
  }
  if (NO_RIGHT.test(code)) {
    const message = `The user may not read the metastore's database ${address}: ${text}. Grant it SELECT on all tables.`;
    return fault('METASTORE_DATABASE_REFUSED', message, { ...facts, retry: 'operator' });
  }
  const message = `The metastore's database ${address} failed a statement: ${text}.`;
  return fault('METASTORE_CALL_FAILED', message, { ...facts, retry: code === '' || PASSING.test(code) ? 'later' : 'operator' });
}

export function tableUnreadable(subject: string, cause: unknown): MigrationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The metastore's database does not hold table ${subject} as a table: ${reason}. Other tables are not affected.`;
  return fault('METASTORE_TABLE_UNREADABLE', message, { subject, retry: 'operator', cause, detail: { reason } });
}

export function tooManyNames(subject: string, found: number): MigrationError {
  const message = `Tables of ${subject} were asked for by ${found} names in one call; at most 1,000 are allowed.`;
  return new MigrationError('METASTORE_TOO_MANY_NAMES', message, { category: 'defect', retry: 'never', subject });
}

function fault(
  code: string,
  message: string,
  facts: {
    readonly subject: string;
    readonly retry: 'later' | 'operator';
    readonly cause: unknown;
    readonly detail?: Readonly<Record<string, string>>;
  },
): MigrationError {
  return new MigrationError(code, message, { category: 'environment', ...facts });
}
