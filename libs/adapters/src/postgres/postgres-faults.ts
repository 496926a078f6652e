import { MigrationError } from '@hiveferry/core';

/**
 * Connection exceptions, too few resources, operator intervention (shutdown, a cancelled or timed-out statement), a lock that was not
 * to be had: it is not the statement that is wrong. (PostgreSQL, appendix A)
 */
const PASSING = /^(?:08|53|57)|^55P03$/;
const LOST = /Query read timeout|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/i;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** What the driver throws: fault POSTGRES_UNAVAILABLE for what passes by itself, all else as it is. */
export function postgresFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MigrationError || !passes(error)) return error;
  return new MigrationError('POSTGRES_UNAVAILABLE', `Postgres did not do it: ${error.message}. It is tried again.`, {
    category: 'environment',
    retry: 'later',
    subject: 'postgres',
    cause: error,
  });
}

function passes(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (/^[0-9A-Z]{5}$/.test(code) && PASSING.test(code)) || NETWORK.has(code) || LOST.test(error.message);
}
