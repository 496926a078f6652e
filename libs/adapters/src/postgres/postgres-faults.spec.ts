import { expect, it } from 'vitest';
import { postgresFault } from './postgres-faults.ts';

const thrown = (message: string, code?: string): Error => Object.assign(new Error(message), code === undefined ? {} : { code });

it.each([
  ['terminating connection due to administrator command', '57P01'],
  ['canceling statement due to statement timeout', '57014'],
  ['too many connections', '53300'],
  ['connection failure', '08006'],
  ['lock not available', '55P03'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'],
  ['Connection terminated unexpectedly', undefined],
  ['Query read timeout', undefined],
])('takes what passes by itself for a fault that is tried later: %s', (message, code) => {
  expect(postgresFault(thrown(message, code))).toMatchObject({ code: 'POSTGRES_UNAVAILABLE', retry: 'later' });
});

it.each([
  ['duplicate key value violates unique constraint', '23505'],
  ['syntax error at or near "form"', '42601'],
  ['could not serialize access', '40001'],
  ['something else', undefined],
])('leaves what is wrong with the statement, and what a transaction is repeated for: %s', (message, code) => {
  const error = thrown(message, code);
  expect(postgresFault(error)).toBe(error);
});
