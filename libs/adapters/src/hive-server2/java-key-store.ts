import { X509Certificate } from 'node:crypto';

/** What a trust store of Java is, by its first bytes. */
export type StoreForm = 'pem' | 'jks' | 'pkcs12' | 'other';

const JKS_MAGIC = 0xfe_ed_fe_ed;
const TRUSTED_CERTIFICATE = 2;
const PRIVATE_KEY = 1;

export function formOf(content: Buffer): StoreForm {
  if (content.includes('-----BEGIN CERTIFICATE-----')) return 'pem';
  if (content.length > 4 && content.readUInt32BE(0) === JKS_MAGIC) return 'jks';
  // A sequence of ASN.1.
  return content[0] === 0x30 ? 'pkcs12' : 'other';
}

/**
 * The certificates of a store of type JKS, as PEM: those that are trusted, and the chains of its keys. They are not encrypted, so no
 * password is needed; it would only show that nobody changed the file.
 *
 * @throws RangeError when it ends too early, Error when it is of another version
 */
export function certificatesOfJks(content: Buffer): readonly string[] {
  const reader = new BytesReader(content);
  reader.take(4);
  const version = reader.integer();
  if (version !== 1 && version !== 2) throw new Error(`JKS of version ${version}`);
  const certificate = (): string => {
    if (version === 2) reader.text();
    return new X509Certificate(reader.take(reader.integer())).toString();
  };
  const entries = reader.integer();
  const found: string[] = [];
  for (let entry = 0; entry < entries; entry += 1) {
    const kind = reader.integer();
    reader.text();
    reader.take(8);
    if (kind === TRUSTED_CERTIFICATE) found.push(certificate());
    else if (kind === PRIVATE_KEY) found.push(...chainOf(reader, certificate));
    else throw new Error(`an entry of unknown kind ${kind}`);
  }
  return found;
}

function chainOf(reader: BytesReader, certificate: () => string): readonly string[] {
  reader.take(reader.integer());
  return Array.from({ length: Math.min(reader.integer(), 100) }, certificate);
}

/** Big-endian, as Java's DataOutputStream writes. */
class BytesReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  integer(): number {
    return this.take(4).readUInt32BE();
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the file ends too early');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  text(): string {
    return this.take(this.take(2).readUInt16BE()).toString('utf8');
  }
}
