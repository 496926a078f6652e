import { describe, expect, it } from 'vitest';
import { readDatabaseAddress } from './database-address.ts';

describe('the address of a metastore database', () => {
  it.each([
    ['jdbc:postgresql://db/hms?user=ann', { product: 'postgres', host: 'db', port: 5432, database: 'hms', user: 'ann' }],
    ['jdbc:mysql://db.example/metastore', { product: 'mysql', host: 'db.example', port: 3306, database: 'metastore' }],
    ['jdbc:mariadb://db:3307/hms?user=a%40b', { product: 'mysql', host: 'db', port: 3307, database: 'hms', user: 'a@b' }],
  ])('is read from %s', (text, address) => {
    expect(readDatabaseAddress(text)).toEqual({ address, others: [] });
  });

  it.each([
    ['jdbc:postgresql://db/hms?sslmode=disable', undefined],
    ['jdbc:postgresql://db/hms?sslmode=require', { verify: false }],
    ['jdbc:postgresql://db/hms?sslmode=verify-full&sslrootcert=/ca.pem', { verify: true, caFile: '/ca.pem' }],
    ['jdbc:postgresql://db/hms?ssl=true', { verify: true }],
    ['jdbc:mysql://db/hms?useSSL=true', { verify: false }],
    ['jdbc:mysql://db/hms?useSSL=false', undefined],
    ['jdbc:mysql://db/hms?sslMode=VERIFY_IDENTITY', { verify: true }],
    ['jdbc:mariadb://db/hms?sslMode=trust', { verify: false }],
    ['jdbc:mariadb://db/hms?useSsl=true&serverSslCert=/ca.pem', { verify: true, caFile: '/ca.pem' }],
  ])('says in %s how the connection is encrypted', (text, tls) => {
    expect(readDatabaseAddress(text)?.address.tls).toEqual(tls);
  });

  it('names options that mean nothing here', () => {
    expect(readDatabaseAddress('jdbc:mysql://db/hms?useUnicode=true&user=ann&characterEncoding=UTF-8')?.others).toEqual([
      'useUnicode',
      'characterEncoding',
    ]);
  });

  it.each(['jdbc:oracle:thin:@db:1521/hms', 'jdbc:mysql://db', 'mysql://db/hms'])('is not %s', (text) => {
    expect(readDatabaseAddress(text)).toBeUndefined();
  });
});
