import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { trustedCertificates } from './trusted-certificates.ts';

/** Made by keytool of Java 17: one certificate of CN=hs2.test; the password is `changeit`. */
const PEM = `-----BEGIN CERTIFICATE-----
MIIBVDCB+6ADAgECAgkA4k8fEjbt6FMwCgYIKoZIzj0EAwIwEzERMA8GA1UEAxMI
aHMyLnRlc3QwIBcNMjYxMTIxMTQyMTQyWhgPMjEyNjEwMjgxNDIxNDJaMBMxETAP
BgNVBAMTCGhzMi50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP+qUAOj
plr4LmlRnVmKPuyVBTp2ZWKseoQPSzLj7XqH9QZABgenstU7Awct16j7+5Sby5y9
p4h9VxeylhtJbaM2MDQwHQYDVR0OBBYEFPb0wpA7D6KCZc4/qkn4Zviq0dWcMBMG
A1UdEQQMMAqCCGhzMi50ZXN0MAoGCCqGSM49BAMCA0gAMEUCIQCrmIgZRyRRQUtk
1yS8XH2EZ7cK7QseqIv/bL9WVEdLmAIgHfEIqr/Y4c2v8Y5AGIRd+Idf6DjVxKY/
+RxLFkxnKHQ=
-----END CERTIFICATE-----
`;
const STORES = {
  jks: `/u3+7QAAAAIAAAABAAAAAgACY2EAAAGh/nwEcQAFWC41MDkAAAFYMIIBVDCB+6ADAgECAgkA4k8fEjbt6FMwCgYIKoZIzj0EAwIwEzERMA8GA1UEAxMIaHMyLnRlc3QwIB
cNMjYxMTIxMTQyMTQyWhgPMjEyNjEwMjgxNDIxNDJaMBMxETAPBgNVBAMTCGhzMi50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP+qUAOjplr4LmlRnVmKPuyV
BTp2ZWKseoQPSzLj7XqH9QZABgenstU7Awct16j7+5Sby5y9p4h9VxeylhtJbaM2MDQwHQYDVR0OBBYEFPb0wpA7D6KCZc4/qkn4Zviq0dWcMBMGA1UdEQQMMAqCCGhzMi
50ZXN0MAoGCCqGSM49BAMCA0gAMEUCIQCrmIgZRyRRQUtk1yS8XH2EZ7cK7QseqIv/bL9WVEdLmAIgHfEIqr/Y4c2v8Y5AGIRd+Idf6DjVxKY/+RxLFkxnKHSIIh45K07w
pnLyhM8FIKxUs1lZQg==`,
  pkcs12: `MIICwgIBAzCCAmwGCSqGSIb3DQEHAaCCAl0EggJZMIICVTCCAlEGCSqGSIb3DQEHBqCCAkIwggI+AgEAMIICNwYJKoZIhvcNAQcBMGYGCSqGSIb3DQEFDTBZMDgGCSqGSI
b3DQEFDDArBBQy+HCnTQqAct7eAkup8gD5zoDpWgICJxACASAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDvoBZA4BWBEcC4KU0wVl++AggHA5WM17DmWGGRN+iF0
fREdWwTDE4X3K9dg++z7keD5eM2uf0uV6ej6jR48gsAPaBBADfq5F28ymJhj3WOtZDNXi2YbqJbJvn/++j3iOD+uk5N1AxKYxebpgiCltuTTc9lEWUoIJo/RTZjk0x2pr7
4Ya+cj9VcnYoGn2e+7v659KNsu/uKSRFsezPUUzvSUlEAr2eouWBWcmZEUGSJI5UA7opDKUvbQCaMKqcT9t95spTps+FzIanBLZTYv8ribr9mPsf9JUHFc4IqCdvEumGRN
pEPlSWUcD/XeqGuNd6JFPAN3XHi/2LI3tobXr8siarK1jN2dLc6OIyxDjGvRRWsFRbq5e0yVYHtcf6t+sQVL+nJnFUOnASXbEOG6vu8aUfNm66UTbb7ARSH4cjr8IjBbP8
MLuTsFabO9TkEjgNnvyBuV+VKszsGR6lSVQbSaVy+npA1DEI/MrrMKQT0xhJVwHPRA6YCVzJ4HKgH3++PEkBuW9Shzk3eZba9tJwyw0vlOsm53VNvgQ83E8c6qDVUZjXQv
tB2HIP2UYoeStm343+dUKGBTF8F0OXAeqklPqNCVRXviZjH4iKSqVyzpgTZ4lzBNMDEwDQYJYIZIAWUDBAIBBQAEILlJLYBR+LfDhUazkRbk/0jrU8gt6hLze/2vS+EmK4
jSBBRXPepiMmpvDSaQb6wyuO3X20k73wICJxA=`,
  /** With `-J-Dkeystore.pkcs12.legacy`: as Java before 12 did. */
  oldPkcs12: `MIICdgIBAzCCAi8GCSqGSIb3DQEHAaCCAiAEggIcMIICGDCCAhQGCSqGSIb3DQEHBqCCAgUwggIBAgEAMIIB+gYJKoZIhvcNAQcBMCkGCiqGSIb3DQEMAQYwGwQUB4aUtz
rrxgIHXeuELJj47y+di8sCAwDDUICCAcDrSz/PN+AliOMH3Ne3+tzZvRvqkVDzGHBnN9QZrSbXEKk8ozN8sfG6uIPcojnR0yyL1Fs6l1H9HJvs2KrRlikyFOMu8bP/4Poo
pDW+5FS1ikKqjbZ6J/zTvEcbdz1bF7NUiuHfM1o0IrWQLV3rGuxMzPHJizUrJ0rfxVKKpDS6BnWSPM770r7mEewxIckW3ytnlBsQWN2qzdxugzGEg5avrzK7owHjCNU1ze
6EYX58jlxEWUH6VefKINcnKYR64WwsRTZcqmdZUNKTIJZ6y3XaTBBqSMS09zXabMK61Hshvb+n7pKLme7L6hIEO0H0DvjJ5TGwTQNpvPtt4oxfEhJ0qxivsmXljzEgkpZk
P4/Attl6o53e2Q2pEFqrpZ8TAnypiR6HWNiEppdSwwwosHgARZAgjZlCEY+GOqJrOAa6XfcJk8ssLUm6Lq9u4tH5zhqpg17LWHHjfotWIvxh4j3h5RN8HoqvDY1CZiCmIE
wHrz+WvuGI45r8bUEmTVlwjKtlEVakxwHJd0hRibCWP9KTcPEQ9GY6nc2z7Di+Td0pNnXrx8oyOkwWsL5qTXMmEtPNFQ8+XOD0DvQJxR7Rn7WWMD4wITAJBgUrDgMCGgUA
BBR5IpGGtyhqY+3JBMXbKpi9DY4IdQQUv7WYnGQEb9GZYlwykZCAh7R0GXMCAwGGoA==`,
} as const;

const folder = mkdtempSync(join(tmpdir(), 'hiveferry-trust-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const bytesOf = (name: keyof typeof STORES): Buffer => Buffer.from(STORES[name], 'base64');
const trustStorePassword = 'changeit';

describe('trusted certificates', () => {
  it.each([
    ['a PEM file', { trustStore: file('ca.pem', PEM) }],
    ['a store of type JKS', { trustStore: file('trust.jks', bytesOf('jks')) }],
    ['a store of type PKCS12', { trustStore: file('trust.p12', bytesOf('pkcs12')), trustStorePassword }],
  ])('are read from %s', async (_, tls) => {
    expect(await trustedCertificates(tls)).toEqual([PEM]);
  });

  it('are those of Node and of the machine where no store is named', async () => {
    expect((await trustedCertificates({})).length).toBeGreaterThan(10);
  });

  it.each([
    ['a file that is not there', { trustStore: join(folder, 'none') }, 'ENOENT'],
    ['a file of another kind', { trustStore: file('text', 'hello') }, 'keytool -list -rfc'],
    ['an empty file', { trustStore: file('empty', '') }, 'neither PEM nor'],
    ['PKCS12 without its password', { trustStore: file('a.p12', bytesOf('pkcs12')) }, 'needs trustStorePassword'],
    ['a wrong password', { trustStore: file('b.p12', bytesOf('pkcs12')), trustStorePassword: 'x' }, 'is not its password'],
    ['old encryption', { trustStore: file('c.p12', bytesOf('oldPkcs12')), trustStorePassword }, 'an old way'],
    ['a JKS without certificates', { trustStore: file('d.jks', Buffer.from('feedfeed0000000200000000', 'hex')) }, 'holds no certificate'],
  ])('cannot be read from %s', async (_, tls, reason) => {
    await expect(trustedCertificates(tls)).rejects.toMatchObject({
      code: 'TRUST_STORE_UNREADABLE',
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each(['jks', 'pkcs12'] as const)('of a %s file that was cut anywhere: an error, never a part', async (name) => {
    const whole = bytesOf(name);
    for (let length = 0; length < whole.length - 100; length += 7) {
      const trustStore = file(`cut-${name}`, whole.subarray(0, length));
      await expect(trustedCertificates({ trustStore, trustStorePassword })).rejects.toMatchObject({ code: 'TRUST_STORE_UNREADABLE' });
    }
  });
});
