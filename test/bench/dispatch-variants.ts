import type { DispatchJob, DispatchResult, DispatchRun } from './dispatch-clock.ts';

interface Variant {
  readonly title: string;
  readonly prepare: (job: DispatchJob) => Promise<void>;
  readonly run: (job: DispatchRun) => Promise<DispatchResult>;
}

const prepareHiveferry = async (job: DispatchJob): Promise<void> => (await import('./dispatch-hiveferry.ts')).prepareHiveferry(job);
const prepareGraphile = async (job: DispatchJob): Promise<void> => (await import('./dispatch-others.ts')).prepareGraphile(job);
const preparePgBoss = async (job: DispatchJob): Promise<void> => (await import('./dispatch-others.ts')).preparePgBoss(job);

/** Each is loaded in its own process only. */
export const DISPATCH_VARIANTS = {
  hiveferry: {
    title: 'Hiveferry, standalone (in-process bus)',
    prepare: prepareHiveferry,
    run: async (job) => (await import('./dispatch-hiveferry.ts')).benchHiveferry(job),
  },
  'hiveferry-kafka': {
    title: 'Hiveferry, through Kafka',
    prepare: prepareHiveferry,
    run: async (job) => (await import('./dispatch-hiveferry.ts')).benchHiveferry(job, job.brokers),
  },
  graphile: {
    title: 'graphile-worker 0.18.0, as it comes',
    prepare: prepareGraphile,
    run: async (job) => (await import('./dispatch-others.ts')).benchGraphile(job, false),
  },
  'graphile-tuned': {
    title: 'graphile-worker 0.18.0, local queue and completions in batches',
    prepare: prepareGraphile,
    run: async (job) => (await import('./dispatch-others.ts')).benchGraphile(job, true),
  },
  'pg-boss': {
    title: 'pg-boss 12.35.0, batches of 100, a result for each job',
    prepare: preparePgBoss,
    run: async (job) => (await import('./dispatch-others.ts')).benchPgBoss(job, true),
  },
  'pg-boss-batch': {
    title: 'pg-boss 12.35.0, batches of 100, one result a batch',
    prepare: preparePgBoss,
    run: async (job) => (await import('./dispatch-others.ts')).benchPgBoss(job, false),
  },
} satisfies Record<string, Variant>;

export type DispatchVariant = keyof typeof DISPATCH_VARIANTS;
