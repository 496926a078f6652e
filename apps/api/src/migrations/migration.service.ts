import type { Migration, MigrationRequest, PageQuery } from '@hiveferry/contracts';
import { AVAILABLE_FLOWS, migrationSpecOf, specOnTarget } from '@hiveferry/contracts';
import { AVAILABLE_STRATEGIES } from '@hiveferry/core';
import type { DataFlow, MigrationError } from '@hiveferry/core';
import { RUN_STORE } from '@hiveferry/platform';
import type { MigrationRecord, MigrationSpec, OperationRecord, Page, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, refuseDescribing, refused } from '../http/refusals.ts';

/** Takes migrations in: what can be refused at once is refused before anything is written. */
@Injectable()
export class MigrationService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async create(request: MigrationRequest): Promise<OperationRecord> {
    const spec = migrationSpecOf(request);
    refuseUnavailable(request);
    if (request.execute) refuseDescribing(spec);
    refuseSameCluster(spec);
    for (const target of spec.targets) refuseUnused(specOnTarget(spec, target));
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

function refuseUnavailable({ strategy, distcp, targets }: MigrationRequest): void {
  if (!AVAILABLE_STRATEGIES.some((available) => available === strategy)) {
    throw refused('STRATEGY_NOT_AVAILABLE', `Strategy ${strategy} is not available yet.`, {
      subject: '/strategy',
      advice: `Available: ${AVAILABLE_STRATEGIES.join(', ')}.`,
    });
  }
  refuseFlow(distcp.flow, '/distcp/flow');
  targets.forEach((target, index) => {
    if (typeof target !== 'string' && target.distcp !== undefined) refuseFlow(target.distcp.flow, `/targets/${index}/distcp/flow`);
  });
}

function refuseFlow(flow: DataFlow, subject: string): void {
  if (!AVAILABLE_FLOWS.some((available) => available === flow)) {
    throw refused('FLOW_NOT_AVAILABLE', `Flow ${flow} is not available yet.`, {
      subject,
      advice: `Available: ${AVAILABLE_FLOWS.join(', ')}: the target or the source runs DistCp, and reaches the other cluster directly.`,
    });
  }
}

/** A setting that the strategy would pass over in silence is refused: whoever sent it expects something of it. */
function refuseUnused({ strategy, locations, commonStorage, copy }: MigrationSpec): void {
  const sharesFiles = strategy === 'LINKED' || strategy === 'COMMON';
  if (sharesFiles && locations.map.length > 0) throw unused(strategy, '/locations/map', 'its tables keep the locations of the source');
  if (strategy !== 'SCHEMA_ONLY' && copy !== undefined) throw unused(strategy, '/copy/by', 'it copies no files');
  if (strategy !== 'COMMON' && commonStorage === true) throw unused(strategy, '/commonStorage', 'only COMMON asks whose storage it is');
}

function unused(strategy: string, subject: string, why: string): MigrationError {
  return refused('SETTING_NOT_USED', `Strategy ${strategy} has no use for ${subject}: ${why}.`, { subject, advice: 'Leave it out.' });
}

function refuseSameCluster({ source, targets }: MigrationSpec): void {
  if (!targets.includes(source)) return;
  throw refused('SOURCE_IS_TARGET', `Cluster ${source} is source and target.`, {
    subject: '/targets',
    advice: 'Name another cluster as target. Moves within one cluster (STORAGE_MIGRATION) are not available yet.',
  });
}

function migrationOf({ id, spec, latestRunId, createdAt }: MigrationRecord): Migration {
  const name = spec.name === undefined ? {} : { name: spec.name };
  return { id, ...name, source: spec.source, targets: [...spec.targets], spec: { ...spec }, latestRunId, createdAt };
}
