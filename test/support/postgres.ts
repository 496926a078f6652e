import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@hiveferry/platform';
import { Client } from 'pg';
import { startTestServer } from './test-servers.ts';

export interface TestPostgres {
  /** Of a database that exists; suites make their own beside it. */
  readonly url: string;
  /** What it is, for people. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** The image that `docker-compose.yml` uses too; `HIVEFERRY_TEST_POSTGRES_IMAGE` names another. */
const POSTGRES_IMAGE = 'postgres:18.4-bookworm';

/** `HIVEFERRY_TEST_DATABASE_URL`, else a container or the embedded Postgres, as `HIVEFERRY_TEST_SERVERS` says. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const given = process.env['HIVEFERRY_TEST_DATABASE_URL'];
  if (given !== undefined) return { url: given, origin: 'HIVEFERRY_TEST_DATABASE_URL', stop: () => Promise.resolve() };
  return startTestServer('Postgres', { container: startContainer, local: startEmbedded });
}

async function startContainer(): Promise<TestPostgres> {
  const image = process.env['HIVEFERRY_TEST_POSTGRES_IMAGE'] ?? POSTGRES_IMAGE;
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer(image).withCommand(['postgres', '-c', 'max_connections=200']).start();
  return {
    url: container.getConnectionUri(),
    origin: `container of ${image}`,
    async stop() {
      await container.stop();
    },
  };
}

async function startEmbedded(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-test-'));
  // Postgres does not run as root, and its own user must be able to enter.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  return {
    url: postgres.url,
    origin: 'embedded Postgres of this machine',
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new, empty database; `drop` ends what is still connected to it. */
export async function createTestDatabase(serverUrl: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `test_${String(process.pid)}_${Math.random().toString(36).slice(2, 10)}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `drop database if exists ${name} with (force)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
