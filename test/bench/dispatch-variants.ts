import type { DispatchJob, DispatchResult } from './dispatch-clock.ts';

interface Variant {
  readonly title: string;
  readonly run: (job: DispatchJob) => Promise<DispatchResult>;
}

/** Each is loaded in its own process only. */
export const DISPATCH_VARIANTS = {
  hiveferry: {
    title: 'Hiveferry, standalone (in-process bus)',
    run: async (job) => (await import('./dispatch-hiveferry.ts')).benchHiveferry(job),
  },
  'hiveferry-kafka': {
    title: 'Hiveferry, through Kafka',
    run: async (job) => (await import('./dispatch-hiveferry.ts')).benchHiveferry(job, job.brokers),
  },
  graphile: {
    title: 'graphile-worker 0.18.0, as it comes',
    run: async (job) => (await import('./dispatch-others.ts')).benchGraphile(job, false),
  },
  'graphile-tuned': {
    title: 'graphile-worker 0.18.0, local queue and completions in batches',
    run: async (job) => (await import('./dispatch-others.ts')).benchGraphile(job, true),
  },
  'pg-boss': {
    title: 'pg-boss 12.35.0, batches of 100, a result for each job',
    run: async (job) => (await import('./dispatch-others.ts')).benchPgBoss(job, true),
  },
  'pg-boss-batch': {
    title: 'pg-boss 12.35.0, batches of 100, one result a batch',
    run: async (job) => (await import('./dispatch-others.ts')).benchPgBoss(job, false),
  },
} satisfies Record<string, Variant>;

export type DispatchVariant = keyof typeof DISPATCH_VARIANTS;
