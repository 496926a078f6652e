import type { ClusterRecord, MigrationRecord, OperationRecord, Page, RunRecord } from '@hiveferry/ports';
import { In, LessThan, MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';
import { ClusterEntity, MigrationEntity, OperationEntity, RunEntity, RunTargetEntity } from './entities.ts';
import type { ClusterRow, MigrationRow, OperationRow, RunRow, RunTargetRow } from './entities.ts';
import { decodePageToken, pageOf } from './page-token.ts';
import { tableCountsOf } from './run-reads.sql.ts';
import type { TableCountRow } from './run-reads.sql.ts';
import type { Database } from './sql.ts';

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Aggregates by their entities; newest first, since ids grow with time. */
export class AggregateReads {
  readonly #dataSource: DataSource;
  readonly #database: Database;

  constructor(dataSource: DataSource, database: Database) {
    this.#dataSource = dataSource;
    this.#database = database;
  }

  async cluster(name: string): Promise<ClusterRecord | undefined> {
    const row = await this.#dataSource.getRepository(ClusterEntity).findOneBy({ name });
    return row === null ? undefined : clusterRecord(row);
  }

  async clusters(page: PageRequest): Promise<Page<ClusterRecord>> {
    const after = afterKey(page);
    const rows = await this.#dataSource.getRepository(ClusterEntity).find({
      ...(after !== undefined && { where: { name: MoreThan(after) } }),
      order: { name: 'ASC' },
      take: page.pageSize + 1,
    });
    return pageOf(rows, page.pageSize, { key: ({ name }) => [name], item: clusterRecord });
  }

  async migration(id: string): Promise<MigrationRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#dataSource.getRepository(MigrationEntity).findOneBy({ id });
    return row === null ? undefined : (await this.#withLatestRun([row]))[0];
  }

  async migrations(page: PageRequest): Promise<Page<MigrationRecord>> {
    const after = afterKey(page);
    const rows = await this.#dataSource.getRepository(MigrationEntity).find({
      ...(after !== undefined && { where: { id: LessThan(after) } }),
      order: { id: 'DESC' },
      take: page.pageSize + 1,
    });
    const records = await this.#withLatestRun(rows);
    return pageOf(records, page.pageSize, { key: ({ id }) => [id], item: (record) => record });
  }

  async run(id: string): Promise<RunRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#dataSource.getRepository(RunEntity).findOneBy({ id });
    return row === null ? undefined : (await this.#withTargets([row]))[0];
  }

  async runsOf(migrationId: string): Promise<readonly RunRecord[]> {
    if (!UUID.test(migrationId)) return [];
    return this.#withTargets(await this.#dataSource.getRepository(RunEntity).find({ where: { migrationId }, order: { number: 'ASC' } }));
  }

  async operation(id: string): Promise<OperationRecord | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await this.#dataSource.getRepository(OperationEntity).findOneBy({ id });
    return row === null ? undefined : operationRecord(row);
  }

  async operations(page: PageRequest): Promise<Page<OperationRecord>> {
    const after = afterKey(page);
    const rows = await this.#dataSource.getRepository(OperationEntity).find({
      ...(after !== undefined && { where: { id: LessThan(after) } }),
      order: { id: 'DESC' },
      take: page.pageSize + 1,
    });
    return pageOf(rows, page.pageSize, { key: ({ id }) => [id], item: operationRecord });
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
    const targets = await this.#dataSource
      .getRepository(RunTargetEntity)
      .find({ where: { runId: In(rows.map(({ id }) => id)) }, order: { position: 'ASC' } });
    const records: RunRecord[] = [];
    for (const row of rows) {
      const counts = await tableCountsOf(this.#database.sql, row.id);
      records.push(runRecord(row, { targets: targets.filter(({ runId }) => runId === row.id), counts }));
    }
    return records;
  }
}

function afterKey({ pageToken }: PageRequest): string | undefined {
  return pageToken === undefined ? undefined : decodePageToken(pageToken, 1)[0];
}

export function clusterRecord({ name, connection, spec, version, createdAt, updatedAt }: ClusterRow): ClusterRecord {
  return { name, connection, spec, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

function runRecord(
  row: RunRow,
  { targets, counts }: { readonly targets: readonly RunTargetRow[]; readonly counts: readonly TableCountRow[] },
): RunRecord {
  const { id, migrationId, number, state } = row;
  return {
    id,
    migrationId,
    number,
    state,
    targets: targets.map(({ target, planHash, approvedAt }) => ({
      target,
      ...(planHash !== null && { planHash }),
      ...(approvedAt && { approvedAt: approvedAt.toISOString() }),
      tables: countsOf(counts.filter((count) => count.target === target)),
    })),
    ...(row.failure && { failure: row.failure }),
    createdAt: row.createdAt.toISOString(),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
  };
}

function countsOf(counts: readonly TableCountRow[]): RunRecord['targets'][number]['tables'] {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return { total, byState: Object.fromEntries(counts.map(({ state, count }) => [state, count])) };
}

function operationRecord(row: OperationRow): OperationRecord {
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
  };
}
