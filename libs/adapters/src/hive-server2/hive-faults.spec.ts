import { expect, it } from 'vitest';
import { createHiveSql } from './hive-driver.hive-sql.ts';
import { statementFailed } from './hive-faults.ts';

const retryOf = (sqlState: string, errorMessage: string): string =>
  statementFailed({ address: 'hs2:10000' }, 'create table t (n int)', { sqlState, errorMessage }).retry;

it.each([
  [
    'FAILED: SemanticException Unable to fetch table t. Could not connect to meta store using any of the URIs provided. Most recent failure: org.apache.thrift.transport.TTransportException: java.net.ConnectException: Connection refused',
  ],
  [
    'FAILED: SemanticException java.lang.RuntimeException: Unable to instantiate org.apache.hadoop.hive.ql.metadata.SessionHiveMetaStoreClient',
  ],
])('tries a statement again that failed because Hive had no metastore: %s', (text) => {
  expect(retryOf('42000', text)).toBe('later');
});

it('leaves a statement that does not fit to a person', () => {
  expect(retryOf('42S02', "SemanticException [Error 10001]: Line 1:14 Table not found 'nothing'")).toBe('operator');
});

it('tries a statement again that failed while it ran', () => {
  expect(retryOf('08S01', 'Error while processing statement: FAILED: Execution Error, return code 2')).toBe('later');
});

it('tries at once again what meets a client that was closed: its cluster was registered anew, and the next one is open', async () => {
  const hive = createHiveSql({ host: '127.0.0.1', port: 1, auth: 'nosasl', user: 'nobody', maxSessions: 2 });
  const opening = hive.openSession();
  const waited = expect(opening).rejects.toMatchObject({ code: 'HIVE_CLOSED', retry: 'now' });
  await hive.close();
  await waited;
  await expect(hive.openSession()).rejects.toMatchObject({ code: 'HIVE_CLOSED', retry: 'now' });
});
