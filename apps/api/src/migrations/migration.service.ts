import type { Migration, MigrationRequest, PageQuery } from '@hiveferry/contracts';
import { migrationSpecOf } from '@hiveferry/contracts';
import { RUN_STORE } from '@hiveferry/platform';
import type { MigrationRecord, OperationRecord, Page, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, refuseDescribing, refused } from '../http/refusals.ts';
import { refuseWhatCannotBePlanned } from './refuse-request.ts';

/** Takes migrations in: what can be refused at once is refused before anything is written. */
@Injectable()
export class MigrationService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async create(request: MigrationRequest): Promise<OperationRecord> {
    const spec = migrationSpecOf(request);
    refuseWhatCannotBePlanned(request, spec);
    if (request.execute) refuseDescribing(spec);
    await this.refuseUnknownClusters([spec.source, ...spec.targets]);
    return await this.store.createMigration(spec, { executeAfterPlan: request.execute });
  }

  async get(id: string): Promise<Migration> {
    return migrationOf(await this.record(id));
  }

  async list(page: PageQuery): Promise<Page<Migration>> {
    const found = await this.store.migrations(page);
    return { ...found, items: found.items.map(migrationOf) };
  }

  async record(id: string): Promise<MigrationRecord> {
    const record = await this.store.migration(id);
    if (record === undefined) throw notFound('migration', id);
    return record;
  }

  async planAgain(id: string, execute: boolean): Promise<OperationRecord> {
    const { spec } = await this.record(id);
    if (execute) refuseDescribing(spec);
    await this.refuseUnknownClusters([spec.source, ...spec.targets]);
    return await this.store.createRun(id, { executeAfterPlan: execute });
  }

  private async refuseUnknownClusters(names: readonly string[]): Promise<void> {
    for (const name of new Set(names)) {
      if ((await this.store.cluster(name)) !== undefined) continue;
      throw refused('CLUSTER_UNKNOWN', `Cluster ${name} is not registered.`, {
        subject: name,
        advice: 'Register it first: POST /v1/clusters',
      });
    }
  }
}

function migrationOf({ id, spec, latestRunId, createdAt }: MigrationRecord): Migration {
  const name = spec.name === undefined ? {} : { name: spec.name };
  return { id, ...name, source: spec.source, targets: [...spec.targets], spec: { ...spec }, latestRunId, createdAt };
}
