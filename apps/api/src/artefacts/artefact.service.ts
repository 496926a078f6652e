import { specOnTarget } from '@hiveferry/contracts';
import type { Artefact as ArtefactView } from '@hiveferry/contracts';
import { artefactsOf } from '@hiveferry/core';
import type { Artefact, DatabasePlan, TablePlan } from '@hiveferry/core';
import { RUN_STORE } from '@hiveferry/platform';
import type { MigrationSpec, RunRecord, RunStore, RunTargetRecord } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { stringify } from 'yaml';
import { notFound } from '../http/refusals.ts';
import { mediaTypeOf } from './media-type.ts';

export interface TargetArtefact {
  /** Starts with the target when the run has several. */
  readonly path: string;
  readonly target: string;
  /** Absent for files of the whole run. */
  readonly database?: string;
  readonly content: string;
}

/** The files of a plan, printed from it when asked for: one database at a time is in memory. */
@Injectable()
export class ArtefactService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async list(runId: string): Promise<readonly ArtefactView[]> {
    const items: ArtefactView[] = [];
    for await (const { content: _content, ...artefact } of this.all(runId)) {
      const href = `/v1/runs/${runId}/artefacts/${artefact.path.split('/').map(encodeURIComponent).join('/')}`;
      items.push({ ...artefact, mediaType: mediaTypeOf(artefact.path), href });
    }
    return items;
  }

  async one(runId: string, path: string): Promise<TargetArtefact> {
    for await (const artefact of this.all(runId)) {
      if (artefact.path === path) return artefact;
    }
    throw notFound('artefact', path);
  }

  async *all(runId: string): AsyncIterable<TargetArtefact> {
    const run = await this.run(runId);
    for (const target of run.targets) yield* this.ofTarget(run, target);
  }

  async run(id: string): Promise<RunRecord> {
    const run = await this.store.run(id);
    if (run === undefined) throw notFound('run', id);
    return run;
  }

  private async *ofTarget(run: RunRecord, { target, ...record }: RunTargetRecord): AsyncIterable<TargetArtefact> {
    const migration = await this.store.migration(run.migrationId);
    const spec = migration === undefined ? undefined : specOnTarget(migration.spec, target);
    const cluster = await this.store.cluster(target);
    const blockSize = cluster?.connection.facts.blockSizeBytes;
    const prefix = run.targets.length > 1 ? `${target}/` : '';
    for (const database of await this.store.databasePlans(run.id, target)) {
      const tables = await collect(this.store.plansOf(run.id, target, database.source));
      for (const { path, content } of printed({ database, tables, spec, blockSize })) {
        yield { path: `${prefix}${path}`, target, database: database.source, content };
      }
    }
    yield { path: `${prefix}effective-request.yaml`, target, content: stringify({ ...spec, targets: [target] }, { lineWidth: 0 }) };
    yield { path: `${prefix}run-status.yaml`, target, content: stringify(statusOf(run, { target, ...record }), { lineWidth: 0 }) };
  }
}

/** For programs: how far the run is on a target, and on which plan that rests. */
function statusOf({ id, number, migrationId, state, targets: _targets, ...run }: RunRecord, target: RunTargetRecord): object {
  return { run: id, number, migration: migrationId, state, ...run, target };
}

interface Printing {
  readonly database: DatabasePlan;
  readonly tables: readonly TablePlan[];
  readonly spec: MigrationSpec | undefined;
  readonly blockSize: number | undefined;
}

function printed({ database, tables, spec, blockSize }: Printing): readonly Artefact[] {
  const settings = { distcp: spec?.distcp ?? {} };
  return artefactsOf({ database, tables, settings, ...(blockSize === undefined ? {} : { targetBlockSizeBytes: blockSize }) });
}

async function collect<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
