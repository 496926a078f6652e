import 'reflect-metadata';
import { EXIT_CODES } from '@hiveferry/contracts';
import type { Configuration } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { configurationOrExit, startEmbeddedPostgres, stopOnSignals } from '@hiveferry/platform';
import { listen } from './listen.ts';

/** One process: HTTP, planner and executor on one Postgres. Prints one line for people when it serves. */
export async function startStandalone(): Promise<void> {
  const configuration = configurationOrExit();
  try {
    await run(configuration);
  } catch (error) {
    process.stderr.write(`Hiveferry did not start: ${reasonOf(error)}\n`);
    process.exit(error instanceof MigrationError && error.category !== 'defect' ? EXIT_CODES.refused : EXIT_CODES.unreachable);
  }
}

async function run(configuration: Configuration): Promise<void> {
  const postgres = configuration.databaseUrl === undefined ? await startEmbeddedPostgres(configuration.dataDirectory) : undefined;
  const databaseUrl = configuration.databaseUrl ?? postgres?.url ?? '';
  try {
    const service = await listen(configuration, databaseUrl);
    stopOnSignals(async () => {
      process.stdout.write('Hiveferry is stopping.\n');
      await service.close().finally(() => postgres?.stop());
    });
    process.stdout.write(`Hiveferry serves ${service.url}  (API by hand: ${service.url}/docs)\n`);
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

/** With its causes: the last one often says what is wrong. Never a connection address, which holds a password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${reasonOf(error.cause)})`;
  const text = error.message === '' && 'code' in error ? String(error.code) : error.message;
  return `${text.replaceAll(/postgres(?:ql)?:\/\/\S+/g, 'the database')}${cause}`;
}
