import { specOnTarget } from '@hiveferry/contracts';
import type { Forecast, ForecastQuery } from '@hiveferry/contracts';
import { transferSettingsOf, unitsOfPlan } from '@hiveferry/core';
import type { MigrationError, TransferSettings } from '@hiveferry/core';
import { RUN_STORE } from '@hiveferry/platform';
import type { MigrationSpec, RunRecord, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound, refused } from '../http/refusals.ts';
import type { Reckoned } from './forecast.worker.ts';
import { openReckoner } from './reckoner.ts';

/** They are in memory together, some 200 MB, and take the thread that reckons them about 2 s. */
const MOST_COPIES = 200_000;

/** Reckons what the copies of a run's plans hold and how long they take; executors run each copy by itself. */
@Injectable()
export class ForecastService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async of(runId: string, query: ForecastQuery): Promise<Forecast> {
    const run = await this.store.run(runId);
    if (run === undefined) throw notFound('run', runId);
    const targets = run.targets.map(({ target }) => target).filter((target) => query.target === undefined || target === query.target);
    if (targets.length === 0) throw unknownTarget(run, query.target ?? '');
    const migration = await this.store.migration(run.migrationId);
    const items: Forecast['items'] = [];
    for (const target of targets) {
      const settings = settingsOf(query, migration && specOnTarget(migration.spec, target));
      items.push(forecastOf(target, await this.reckoned(runId, target, settings), settings));
    }
    return { items };
  }

  private async reckoned(runId: string, target: string, settings: TransferSettings): Promise<Reckoned> {
    const reckoner = openReckoner();
    let copies = 0;
    try {
      for await (const { plan } of this.store.tablesWithPlans(runId, target)) {
        const units = plan === undefined ? [] : unitsOfPlan(plan);
        copies += units.length;
        if (copies > MOST_COPIES) throw tooLarge(target);
        await reckoner.add(units);
      }
      return await reckoner.finish(settings);
    } finally {
      await reckoner.close();
    }
  }
}

/** One job a copy, as the executors run them, within what the request says of the link; the question may say it otherwise. */
function settingsOf(query: ForecastQuery, spec: MigrationSpec | undefined): TransferSettings {
  const { slots, maxMbPerSecond, startUpSeconds, mbPerSecondPerMapper } = query;
  const said = { ...(slots !== undefined && { slots }), ...(maxMbPerSecond !== undefined && { maxMbPerSecond }) };
  const { link, ...spread } = transferSettingsOf({ ...spec?.distcp, ...said });
  const rate = Math.min(
    mbPerSecondPerMapper ?? spread.assumptions.mbPerSecondPerMapper,
    link?.bandwidthMbPerMapper ?? Number.POSITIVE_INFINITY,
  );
  return {
    ...spread,
    jobBytes: Number.MAX_SAFE_INTEGER,
    packing: 'none',
    assumptions: { ...spread.assumptions, ...(startUpSeconds !== undefined && { startUpSeconds }), mbPerSecondPerMapper: rate },
  };
}

function forecastOf(target: string, { forecast, recommendations }: Reckoned, settings: TransferSettings): Forecast['items'][number] {
  const { copies, size, unknownSizes, seconds, lowerBoundSeconds, oneByOneSeconds } = forecast;
  const totals = { target, copies, ...size, unknownSizes, seconds, lowerBoundSeconds, oneByOneSeconds };
  return { ...totals, recommendations: [...recommendations], assumptions: assumptionsOf(settings) };
}

function assumptionsOf(settings: TransferSettings): Forecast['items'][number]['assumptions'] {
  const { slots, maxMappers, maxMbPerSecond, assumptions } = settings;
  const { nextCopySeconds: _next, ...taken } = assumptions;
  return { slots, mappers: Math.max(1, Math.floor(maxMappers / slots)), ...(maxMbPerSecond !== undefined && { maxMbPerSecond }), ...taken };
}

function tooLarge(target: string): MigrationError {
  return refused('FORECAST_TOO_LARGE', `The plan for ${target} has more than ${MOST_COPIES} copies.`, {
    subject: '/target',
    advice: 'Ask for a forecast of one database: make a dry run that selects it alone.',
  });
}

function unknownTarget(run: RunRecord, target: string): MigrationError {
  return refused('TARGET_UNKNOWN', `Run ${run.id} has no target ${target}.`, {
    subject: '/target',
    advice: `Its targets are ${run.targets.map((each) => each.target).join(', ')}.`,
  });
}
