import 'reflect-metadata';
import { parseConfiguration } from '@hiveferry/contracts';
import { startEmbeddedPostgres } from '@hiveferry/platform';
import { listen } from './listen.ts';

/** The service inside another process: on loopback, at a port that was free. */
export interface EmbeddedService {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts api, planner and executor with a Postgres of their own; `FERRY_*` keys of the environment count, but for port, folder and log. */
export async function startEmbedded(dataDirectory: string): Promise<EmbeddedService> {
  const own = { FERRY_DATA_DIR: dataDirectory, FERRY_HTTP_HOST: '127.0.0.1', FERRY_HTTP_PORT: '0', FERRY_LOG_LEVEL: 'silent' };
  const parsed = parseConfiguration({ ...process.env, ...own });
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const postgres = await startEmbeddedPostgres(dataDirectory);
  try {
    const service = await listen(parsed.configuration, postgres.url);
    return { url: service.url, close: async () => await service.close().finally(() => postgres.stop()) };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
