import 'reflect-metadata';
import type { Configuration } from '@hiveferry/contracts';
import { configurationOrExit, endWithReason, startEmbeddedPostgres, stopOnSignals } from '@hiveferry/platform';
import { listen } from './listen.ts';

/** One process: HTTP, planner and executor on one Postgres. Prints one line for people when it serves. */
export async function startStandalone(): Promise<void> {
  const configuration = configurationOrExit();
  try {
    await run(configuration);
  } catch (error) {
    endWithReason('Hiveferry', error);
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
