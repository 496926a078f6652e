import type { ClusterRecord, MigrationRecord, OperationRecord, Page, RunRecord, RunTargetRecord } from '@hiveferry/ports';
import { In, LessThan, MoreThan } from 'typeorm';
import { ClusterEntity, MigrationEntity, OperationEntity, RunEntity, RunTargetEntity } from './entities.ts';
import type { ClusterRow, MigrationRow, OperationRow, RunRow } from './entities.ts';
import { decodePageToken, pageOf } from './page-token.ts';
import { tableCountsOf } from './run-reads.sql.ts';
import { runTargetRecord } from './run-target-record.ts';
import type { Database } from './sql.ts';

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Aggregates by their entities; newest first, since ids grow with time. */
export class AggregateReads {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async cluster(name: string): Promise<ClusterRecord | undefined> {
    const row = await this.#database.manager.getRepository(ClusterEntity).findOneBy({ name });
    return row === null ? undefined : clusterRecord(row);
  }

  async clusters(page: PageRequest): Promise<Page<ClusterRecord>> {
    const after = afterKey(page);
    const rows = await this.#database.manager.getRepository(ClusterEntity).find({
      ...(after !== undefined && { where: { name: MoreThan(after) } }),
      order: { name: 'ASC' },
      take: page.pageSize + 1,
    });
    return pageOf(rows, page.pageSize, { key: ({ name }) => [name], item: clusterRecord });
  }

  async migration(id: string): Promise<MigrationRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#database.manager.getRepository(MigrationEntity).findOneBy({ id });
    return row === null ? undefined : (await this.#withLatestRun([row]))[0];
  }

  async migrations(page: PageRequest): Promise<Page<MigrationRecord>> {
    const after = afterKey(page);
    const rows = await this.#database.manager.getRepository(MigrationEntity).find({
      ...(after !== undefined && { where: { id: LessThan(after) } }),
      order: { id: 'DESC' },
      take: page.pageSize + 1,
    });
    const records = await this.#withLatestRun(rows);
    return pageOf(records, page.pageSize, { key: ({ id }) => [id], item: (record) => record });
  }

  async run(id: string): Promise<RunRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#database.manager.getRepository(RunEntity).findOneBy({ id });
    return row === null ? undefined : (await this.#withTargets([row]))[0];
  }

  async runsOf(migrationId: string): Promise<readonly RunRecord[]> {
    if (!UUID.test(migrationId)) return [];
    return this.#withTargets(
      await this.#database.manager.getRepository(RunEntity).find({ where: { migrationId }, order: { number: 'ASC' } }),
    );
  }

  async operation(id: string): Promise<OperationRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#database.manager.getRepository(OperationEntity).findOneBy({ id });
    return row === null ? undefined : (await this.#withRunTargets([row]))[0];
  }

  async operations(page: PageRequest): Promise<Page<OperationRecord>> {
    const after = afterKey(page);
    const rows = await this.#database.manager.getRepository(OperationEntity).find({
      ...(after !== undefined && { where: { id: LessThan(after) } }),
      order: { id: 'DESC' },
      take: page.pageSize + 1,
    });
    const records = await this.#withRunTargets(rows);
    return pageOf(records, page.pageSize, { key: ({ id }) => [id], item: (record) => record });
  }

  async #withLatestRun(rows: readonly MigrationRow[]): Promise<readonly MigrationRecord[]> {
    const latest = await this.#database.sql.rows<{ migrationId: string; id: string }>(
      `select distinct on (migration_id) migration_id as "migrationId", id from run where migration_id = any($1::uuid[])
       order by migration_id, number desc`,
      [rows.map(({ id }) => id)],
    );
    const byMigration = new Map(latest.map(({ migrationId, id }) => [migrationId, id]));
    return rows.map(({ id, spec, createdAt }) => ({
      id,
      spec,
      latestRunId: byMigration.get(id) ?? '',
      createdAt: createdAt.toISOString(),
    }));
  }

  async #withTargets(rows: readonly RunRow[]): Promise<readonly RunRecord[]> {
    const ids = rows.map(({ id }) => id);
    const targets = await this.#database.manager
      .getRepository(RunTargetEntity)
      .find({ where: { runId: In(ids) }, order: { position: 'ASC' } });
    const counts = await tableCountsOf(this.#database.sql, ids);
    return rows.map((row) =>
      runRecord(
        row,
        targets.filter(isOf(row)).map((target) => runTargetRecord(row, target, counts.filter(isOf(row)))),
      ),
    );
  }

  async #withRunTargets(rows: readonly OperationRow[]): Promise<readonly OperationRecord[]> {
    const runs = await this.#database.manager.getRepository(RunEntity).findBy({ id: In([...new Set(rows.map(({ runId }) => runId))]) });
    const records = new Map((await this.#withTargets(runs)).map((run) => [run.id, run]));
    return rows.map((row) => operationRecord(row, records.get(row.runId)?.targets ?? []));
  }
}

const isOf =
  ({ id }: RunRow) =>
  ({ runId }: { readonly runId: string }): boolean =>
    runId === id;

function afterKey({ pageToken }: PageRequest): string | undefined {
  return pageToken === undefined ? undefined : decodePageToken(pageToken, 1)[0];
}

export function clusterRecord({ name, connection, spec, version, createdAt, updatedAt }: ClusterRow): ClusterRecord {
  return { name, connection, spec, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

function runRecord(row: RunRow, targets: readonly RunTargetRecord[]): RunRecord {
  const { id, migrationId, number, state } = row;
  return {
    id,
    migrationId,
    number,
    state,
    targets,
    ...(row.failure && { failure: row.failure }),
    createdAt: row.createdAt.toISOString(),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
  };
}

function operationRecord(row: OperationRow, targets: readonly RunTargetRecord[]): OperationRecord {
  const { id, kind, migrationId, runId, done } = row;
  return {
    id,
    kind,
    migrationId,
    runId,
    done,
    createdAt: row.createdAt.toISOString(),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
    ...(row.error && { error: row.error }),
    targets,
  };
}
