import { z } from 'zod';

/** Name of a cluster: a word that can stand in an address and in a topic name. */
export const ClusterName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'expected lower-case letters, digits and inner hyphens, at most 63')
  .meta({ description: 'Lower-case letters, digits and inner hyphens, at most 63.', example: 'source' });

export const Uuid = z.uuid().meta({ description: 'UUID, sortable by time (version 7).', example: '01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d8e' });

export const Instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC.', example: '2026-11-21T09:30:00.000Z' });

export const HostName = z.string().regex(/^[A-Za-z0-9._-]{1,253}$|^\[[0-9A-Fa-f:.]+\]$/, 'expected a host name or address');

export const Port = z.int().min(1).max(65535);

export const AccountName = z.string().regex(/^[^\s:@/'"`]{1,128}$/, 'expected a user name');

/** Where a secret is found: secrets themselves are never sent, stored or shown. */
export const SecretReference = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/, 'expected a reference, env:NAME or file:/path: a secret itself is never sent')
  .meta({
    description: 'Where the secret is found: `env:NAME` or `file:/path`. Never the secret itself.',
    example: 'env:HIVE_PASSWORD',
  });

/** Text for people: one line, no control characters that could forge a log or a comment in a script. */
export const Line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'expected one line without control characters');

/** True when the text is a regular expression that compiles. */
export function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
