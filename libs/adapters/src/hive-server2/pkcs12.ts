import { X509Certificate, createDecipheriv, pbkdf2Sync } from 'node:crypto';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  passwordBased: '1.2.840.113549.1.5.13',
} as const;

/** Key derivation: its digest. */
const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
};
/** Bounds the work that a hostile file can ask for. */
const MAX_ITERATIONS = 10_000_000;

/**
 * The certificates of a store of type PKCS12 (RFC 7292) as keytool of Java 12 and later and OpenSSL 3 write it, as PEM.
 *
 * @throws Error for older encryption, a wrong password, or a file that is not whole
 */
export function certificatesOfPkcs12(content: Buffer, password: string): readonly string[] {
  const [, authenticated] = partsOf(content, 0x30);
  return safesOf(authenticated)
    .flatMap((safe) => bagsOf(safe, password))
    .flatMap(certificateOf);
}

function safesOf(contentInfo: Value | undefined): readonly Value[] {
  const [, inner] = contentInfo?.parts() ?? [];
  return partsOf(inner?.parts()[0]?.content, 0x30);
}

function bagsOf(safe: Value, password: string): readonly Value[] {
  const [kind, holder] = safe.parts();
  const [inner] = holder?.parts() ?? [];
  if (kind?.oid() === OID.data) return partsOf(inner?.content, 0x30);
  if (kind?.oid() !== OID.encryptedData) return [];
  const [, encrypted] = inner?.parts() ?? [];
  const [, algorithm, data] = encrypted?.parts() ?? [];
  if (algorithm === undefined || data === undefined) throw notWhole();
  return partsOf(decrypted(algorithm, data.content, password), 0x30);
}

function certificateOf(bag: Value): readonly string[] {
  const [kind, holder] = bag.parts();
  if (kind?.oid() !== OID.certificateBag) return [];
  const der = holder?.parts()[0]?.parts()[1]?.parts()[0]?.content;
  return der === undefined ? [] : [new X509Certificate(der).toString()];
}

function decrypted(algorithm: Value, data: Buffer, password: string): Buffer {
  const [kind, parameters] = algorithm.parts();
  if (kind?.oid() !== OID.passwordBased) throw new Error('it is encrypted in an old way (such as 40 bit RC2)');
  const [derivation, cipher] = parameters?.parts() ?? [];
  const [salt, iterations, ...more] = derivation?.parts()[1]?.parts() ?? [];
  const digest = DIGESTS[more.at(-1)?.parts()[0]?.oid() ?? ''] ?? 'sha1';
  const [cipherKind, vector] = cipher?.parts() ?? [];
  const found = CIPHERS[cipherKind?.oid() ?? ''];
  const rounds = Number(`0x${iterations?.content.toString('hex') ?? ''}`);
  if (found === undefined || salt === undefined || vector === undefined || !(rounds > 0 && rounds <= MAX_ITERATIONS)) throw notWhole();
  const key = pbkdf2Sync(password, salt.content, rounds, found.keyBytes, digest);
  try {
    const decipher = createDecipheriv(found.name, key, vector.content);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    throw new Error('trustStorePassword is not its password');
  }
}

const notWhole = (): Error => new Error('it is no whole PKCS12 file');

/** A value of DER. */
interface Value {
  readonly content: Buffer;
  parts(): readonly Value[];
  oid(): string;
}

/** The values inside the first value of `bytes`, which must have that tag. */
function partsOf(bytes: Buffer | undefined, tag: number): readonly Value[] {
  if (bytes?.[0] !== tag) throw notWhole();
  return valuesIn(bytes)[0]?.parts() ?? [];
}

function valuesIn(bytes: Buffer): readonly Value[] {
  const values: Value[] = [];
  for (let at = 0; at < bytes.length;) {
    const { begin, end } = extentOf(bytes, at);
    values.push(valueOf(bytes.subarray(begin, end)));
    at = end;
  }
  return values;
}

const valueOf = (content: Buffer): Value => ({ content, parts: () => valuesIn(content), oid: () => oidOf(content) });

function extentOf(bytes: Buffer, at: number): { readonly begin: number; readonly end: number } {
  const first = bytes[at + 1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  const begin = at + 2 + lengthBytes;
  if (lengthBytes > 4 || begin > bytes.length || first === 0x80) throw notWhole();
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  if (begin + length > bytes.length) throw notWhole();
  return { begin, end: begin + length };
}

function oidOf(content: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) numbers.push(number);
    if (byte < 0x80) number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}
