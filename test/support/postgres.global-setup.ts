import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One Postgres for all medium suites; each makes a database of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  console.log(`medium suites: ${postgres.origin}`);
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}
