import type { ExecutorRecord, ExecutorRegistry, ExecutorSign, Page } from '@hiveferry/ports';
import type { PageRequest } from './aggregate-reads.ts';
import { decodePageToken, pageOf } from './page-token.ts';
import { LAZY_COMMIT } from './sql.ts';
import type { Database } from './sql.ts';

const ALIVE_SECONDS = 20;

interface ExecutorRow {
  readonly id: string;
  readonly cluster: string | null;
  readonly version: string;
  readonly load: ExecutorRecord['load'];
  readonly startedAt: Date;
  readonly lastHeartbeatAt: Date;
  readonly alive: boolean;
}

export class PostgresExecutorRegistry implements ExecutorRegistry {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async beat({ id, cluster, version, load }: ExecutorSign): Promise<void> {
    await this.#database.sql.rows(
      `with lazy as materialized (select ${LAZY_COMMIT}),
         forgotten as (delete from executor where last_heartbeat_at < now() - interval '1 day' and id <> $1)
       insert into executor (id, cluster, version, load) select $1, $2, $3, $4::jsonb from lazy
       on conflict (id) do update set version = excluded.version, load = excluded.load, last_heartbeat_at = now()`,
      [id, cluster ?? null, version, JSON.stringify(load)],
    );
  }

  async leave(id: string): Promise<void> {
    await this.#database.sql.rows(`delete from executor where id = $1`, [id]);
  }

  async list(page: PageRequest): Promise<Page<ExecutorRecord>> {
    const [cluster, id] = page.pageToken === undefined ? [] : decodePageToken(page.pageToken, 2);
    const rows = await this.#database.sql.rows<ExecutorRow>(
      `select id, cluster, version, load, started_at as "startedAt", last_heartbeat_at as "lastHeartbeatAt",
         last_heartbeat_at > now() - $4 * interval '1 second' as alive
       from executor where $1::text is null or (coalesce(cluster, ''), id) > ($1, $2)
       order by coalesce(cluster, ''), id limit $3`,
      [cluster ?? null, id ?? null, page.pageSize + 1, ALIVE_SECONDS],
    );
    return pageOf(rows, page.pageSize, { key: (row) => [row.cluster ?? '', row.id], item: recordOf });
  }
}

function recordOf({ cluster, startedAt, lastHeartbeatAt, ...row }: ExecutorRow): ExecutorRecord {
  return {
    ...row,
    ...(cluster !== null && { cluster }),
    startedAt: startedAt.toISOString(),
    lastHeartbeatAt: lastHeartbeatAt.toISOString(),
  };
}
