import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { specOnTarget } from '@hiveferry/contracts';
import { htmlReport, reportedNotes, reportedPlan } from '@hiveferry/core';
import { RUN_STORE } from '@hiveferry/platform';
import type { MigrationRecord, RunRecord, RunStore, RunTargetRecord } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../http/refusals.ts';

const nextTurn = promisify(setImmediate);

/** The HTML report of a run: what is planned, and once it is executed how far each table came. */
@Injectable()
export class ReportService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  /** The run, so that one that does not exist is refused before the first byte. */
  async run(id: string): Promise<RunRecord> {
    const run = await this.store.run(id);
    if (run === undefined) throw notFound('run', id);
    return run;
  }

  /** Pieces of the file in order; a page of tables is in memory at a time. */
  async *pieces(run: RunRecord): AsyncIterable<string> {
    const migration = await this.store.migration(run.migrationId);
    if (migration === undefined) throw notFound('migration', run.migrationId);
    const report = htmlReport(factsOf(run, migration), (text) => gzipSync(text, { level: 4 }).toString('base64'));
    yield report.begin();
    for (const { target } of run.targets) {
      const { strategy } = specOnTarget(migration.spec, target);
      const cluster = run.targets.length > 1 ? { cluster: target } : {};
      for await (const { record, plan } of this.store.tablesWithPlans(run.id, target)) {
        const piece = report.add(reportedPlan({ ...record, ...cluster, strategy, ...(plan === undefined ? {} : { plan }) }));
        if (piece === '') continue;
        yield piece;
        await nextTurn();
      }
    }
    const found = await this.store.databaseIssues(run.id);
    yield report.end({ notes: reportedNotes(found.flatMap(({ issues }) => issues)), leftOut: [] });
  }
}

function factsOf(run: RunRecord, { id, spec }: MigrationRecord): Parameters<typeof htmlReport>[0] {
  const targets = run.targets.map(({ target }) => target).join(', ');
  return {
    title: `${spec.source} to ${targets}`,
    asked: [
      ['Migration', id],
      ['Strategy', spec.strategy],
      ['Proof', spec.proof],
      ['Run', `${run.id} (number ${run.number})`],
      ['State', run.state],
      ['Made', run.createdAt],
      ...(run.endedAt === undefined ? [] : [['Ended', run.endedAt] as const]),
      ...run.targets.flatMap(hashOf),
    ],
    sides: { source: spec.source, target: run.targets.length > 1 ? 'the target' : targets },
  };
}

function hashOf({ target, planHash }: RunTargetRecord): readonly (readonly [string, string])[] {
  return planHash === undefined ? [] : [[`Plan hash on ${target}`, planHash]];
}
