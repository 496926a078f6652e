import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in the product's package.json, which lies above the sources and above the build. */
export function versionOfProduct(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const version = versionIn(join(folder, 'package.json'));
    if (version !== undefined) return version;
  }
  return 'unknown';
}

function versionIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof text !== 'object' || text === null || !('name' in text) || text.name !== 'hiveferry') return undefined;
  return 'version' in text && typeof text.version === 'string' ? text.version : undefined;
}
