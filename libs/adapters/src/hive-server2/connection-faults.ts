import { MigrationError } from '@hiveferry/core';
import type { HivePlace } from '@hiveferry/ports';
import { hiveUnreachable } from './hive-faults.ts';

interface Place extends Pick<HivePlace, 'http' | 'tls'> {
  readonly address: string;
  readonly user: string;
}

const TRUST = 'name a trust store that holds its certificate or that of its issuer (sslTrustStore=FILE in the URI: PEM, JKS or PKCS12)';

/** What failures of a connection mean, by their codes. */
const MEANINGS: readonly (readonly [RegExp, (place: Place) => string])[] = [
  [/SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_UNTRUSTED/, () => `its certificate is not trusted: ${TRUST}`],
  [/CERT_HAS_EXPIRED/, () => 'its certificate has expired: it must be renewed there'],
  [/ALTNAME_INVALID/, () => 'its certificate is of another host: use the name that the certificate names'],
  [
    /WRONG_VERSION_NUMBER|packet length too long|EPROTO/,
    () => 'it does not speak TLS at this port: leave ssl=true away, or name the port that does',
  ],
  [
    /^HPE_/,
    ({ tls }) =>
      `it does not speak HTTP at this port: ${tls === undefined ? 'say ssl=true where it speaks TLS, else ' : ''}leave transportMode=http away, or name hive.server2.thrift.http.port`,
  ],
  // What stands where SASL has its answer: an alert of TLS, the rest of a line of HTTP.
  [/^Authentication error: [\u0000-\u001f]/, () => 'it speaks TLS at this port: say ssl=true'],
  [
    /^Authentication error: 1\.[01] \d{3} /,
    () => 'it speaks HTTP at this port: say transportMode=http;httpPath=cliservice, or name hive.server2.thrift.port',
  ],
];

/** A connection that could not be made or did not last. `what` was under way. */
export function connectionFailed(place: Place, cause: unknown, what?: string): MigrationError {
  const status = fieldOf(cause, 'statusCode');
  if (status !== undefined) return httpRefused(place, Number(status), cause);
  const reason = reasonOf(cause);
  const code = fieldOf(cause, 'code') ?? '';
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code) || pattern.test(reason));
  if (meaning !== undefined) return notAsSpoken(place, meaning[1](place), cause);
  if (reason.startsWith(LOGIN)) return loginRefused(place, reason.slice(LOGIN.length), cause);
  return hiveUnreachable(place, what === undefined ? reason : `${what} failed: ${reason}`, cause);
}

/** How the driver begins what a server says of a log-in by SASL. */
const LOGIN = 'Authentication error: ';

function httpRefused(place: Place, status: number, cause: unknown): MigrationError {
  if (status === 401 || status === 403) return loginRefused(place, `HTTP ${status}`, cause);
  if (status >= 500) return hiveUnreachable(place, `it answered HTTP ${status}`, cause);
  const path = `/${place.http?.path ?? ''}`;
  return notAsSpoken(
    place,
    `it answered HTTP ${status} at ${path}: check httpPath (hive.server2.thrift.http.path, cliservice by default)`,
    cause,
  );
}

function loginRefused(place: Place, reason: string, cause: unknown): MigrationError {
  const message = `HiveServer2 ${place.address} refused the log-in of ${place.user}: ${reason}. Check user and password.`;
  return new MigrationError('HIVE_LOGIN_REFUSED', message, {
    category: 'environment',
    retry: 'operator',
    subject: place.address,
    cause,
  });
}

/** Asking again will not help: the address or the trust store must be changed. */
function notAsSpoken(place: Place, reason: string, cause: unknown): MigrationError {
  const message = `HiveServer2 ${place.address} cannot be spoken to: ${reason}.`;
  return new MigrationError('HIVE_UNREACHABLE', message, { category: 'environment', retry: 'operator', subject: place.address, cause });
}

function reasonOf(cause: unknown): string {
  const message = fieldOf(cause, 'message') ?? '';
  if (message !== '') return message;
  return fieldOf(cause, 'code') ?? (typeof cause === 'string' ? cause : 'no message');
}

function fieldOf(cause: unknown, name: string): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  const value: unknown = Reflect.get(cause, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
