/** Where the lab keeps things: its own state in one folder, what was downloaded in the user's cache. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const LAB_SOURCES = resolve(import.meta.dirname, '..');

export function labDirectory(): string {
  return resolve(process.env['HIVEFERRY_LAB_DIR'] ?? join(LAB_SOURCES, '..', '.lab'));
}

export function cacheDirectory(): string {
  const base = process.env['HIVEFERRY_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hiveferry');
  return resolve(base, 'lab');
}
