import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { MigrationError } from '@hiveferry/core';
import type { HivePlace } from '@hiveferry/ports';
import { certificatesOfJks, formOf } from './java-key-store.ts';
import { certificatesOfPkcs12 } from './pkcs12.ts';

type Tls = NonNullable<HivePlace['tls']>;

/** The certificates that are trusted, as PEM: those of the trust store alone where one is named, else those of Node and of this machine. */
export async function trustedCertificates({ trustStore, trustStorePassword }: Tls): Promise<readonly string[]> {
  if (trustStore === undefined) return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const content = await contentOf(trustStore);
  const certificates = readStore(trustStore, content, trustStorePassword);
  if (certificates.length === 0) throw unreadable(trustStore, 'it holds no certificate');
  return certificates;
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function readStore(file: string, content: Buffer, password: string | undefined): readonly string[] {
  const form = formOf(content);
  switch (form) {
    case 'pem':
      return [content.toString('utf8')];
    case 'jks':
      return attempt(file, () => certificatesOfJks(content));
    case 'pkcs12':
      if (password === undefined) throw unreadable(file, `it is of type PKCS12 and needs trustStorePassword; or ${asPem(file)}`);
      return attempt(file, () => certificatesOfPkcs12(content, password));
    case 'other':
      throw unreadable(file, `it is neither PEM nor of type JKS or PKCS12: ${asPem(file)}`);
  }
}

function attempt(file: string, read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch (cause) {
    throw unreadable(file, `${cause instanceof Error ? cause.message : String(cause)}: ${asPem(file)}`);
  }
}

const asPem = (file: string): string => `make a PEM file of it by: keytool -list -rfc -keystore ${file} > ca.pem, and name that`;

function unreadable(file: string, reason: string): MigrationError {
  const message = `The trust store ${file} cannot be read: ${reason}.`;
  return new MigrationError('TRUST_STORE_UNREADABLE', message, { category: 'request', retry: 'operator', subject: file });
}
