import { describe, expect, it } from 'vitest';
import { connectionFailed } from './connection-faults.ts';

const place = { address: 'hs2:10000', user: 'etl' };

describe('a connection that failed', () => {
  it.each([
    [{ statusCode: 401, message: 'bad HTTP status code: 401' }, 'HIVE_LOGIN_REFUSED', 'refused the log-in of etl: HTTP 401'],
    [{ statusCode: 404, message: 'bad' }, 'HIVE_UNREACHABLE', 'HTTP 404 at /: check httpPath'],
    [{ statusCode: 503, message: 'bad' }, 'HIVE_UNREACHABLE', 'HTTP 503'],
    [new Error('Authentication error: Error validating the login'), 'HIVE_LOGIN_REFUSED', 'Error validating the login'],
    [new Error('Authentication error: \u0002P'), 'HIVE_UNREACHABLE', 'say ssl=true'],
    [new Error('Authentication error: 1.1 400 Illegal character\nContent-Type: x'), 'HIVE_UNREACHABLE', 'say transportMode=http'],
    [
      Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'HIVE_UNREACHABLE',
      'sslTrustStore=FILE',
    ],
    [Object.assign(new Error('x'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'HIVE_UNREACHABLE', 'is of another host'],
    [Object.assign(new Error('write EPROTO'), { code: 'EPROTO' }), 'HIVE_UNREACHABLE', 'leave ssl=true away'],
    [Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_CONSTANT' }), 'HIVE_UNREACHABLE', 'leave transportMode=http away'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'HIVE_UNREACHABLE', 'cannot be reached: ECONNREFUSED'],
    ['gone', 'HIVE_UNREACHABLE', 'cannot be reached: gone'],
  ])('%j is told as %s', (cause, code, text) => {
    const fault = connectionFailed(place, cause);
    expect(fault).toMatchObject({ code, subject: 'hs2:10000' });
    expect(fault.message).toContain(text);
    expect(fault.message).not.toContain('\n');
  });

  it('is tried again by itself only where that can help', () => {
    const retryOf = (cause: unknown) => connectionFailed(place, cause).retry;
    expect([retryOf({ statusCode: 503 }), retryOf({ statusCode: 401 }), retryOf({ statusCode: 404 })]).toEqual([
      'later',
      'operator',
      'operator',
    ]);
  });
});
