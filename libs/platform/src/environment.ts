import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MigrationError } from '@hiveferry/core';
import type { Clock, Ids, Secrets } from '@hiveferry/ports';

export const systemClock: Clock = { now: () => new Date() };

/** UUIDs of version 7: 48 bits of time, then chance. */
export const systemIds: Ids = { next: () => uuidV7(Date.now()) };

function uuidV7(nowMs: number): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Secrets from the environment of this process and from files, as mounted by an orchestrator. */
export const systemSecrets: Secrets = {
  async resolve(reference) {
    if (reference.startsWith('env:')) return fromEnvironment(reference);
    if (reference.startsWith('file:')) return await fromFile(reference);
    throw notFound(reference, 'expected env:NAME or file:/path');
  },
};

function fromEnvironment(reference: string): string {
  const value = process.env[reference.slice('env:'.length)];
  if (value === undefined || value === '') throw notFound(reference, 'the variable is not set for this process');
  return value;
}

async function fromFile(reference: string): Promise<string> {
  try {
    return (await readFile(reference.slice('file:'.length), 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw notFound(reference, `the file cannot be read (${codeOf(cause)})`);
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const notFound = (reference: string, why: string): MigrationError =>
  new MigrationError('SECRET_NOT_FOUND', `Secret ${reference}: ${why}. Provide it where the service runs, then try again.`, {
    category: 'environment',
    retry: 'operator',
    subject: reference,
  });
