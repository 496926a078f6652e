import type { CopyUnit, TransferForecast, TransferJob, TransferSettings, TransferWave } from '../model/transfer.ts';
import type { KnownSizes } from './copy-sizes.ts';
import { secondsOf } from './job-seconds.ts';
import { slotsWithin } from './link-budget.ts';

interface Planned {
  readonly units: readonly CopyUnit[];
  readonly jobs: readonly TransferJob[];
  readonly waves: readonly TransferWave[];
}

/** Totals of a transfer plan and the times that follow from the assumptions. */
export function forecastOf({ units, jobs, waves }: Planned, settings: TransferSettings, sizes: KnownSizes): TransferForecast {
  return {
    copies: units.length,
    jobs: jobs.length,
    waves: waves.length,
    size: sizes.known,
    unknownSizes: sizes.unknown,
    seconds: waves.reduce((sum, { seconds }) => sum + seconds, 0),
    lowerBoundSeconds: Math.max(...(['source', 'target'] as const).map((side) => boundOf(jobs, side, settings))),
    oneByOneSeconds: units.reduce((sum, unit) => sum + secondsAlone(unit, sizes, settings), 0),
  };
}

/** Sides run at the same time: neither can be quicker than its own jobs allow. */
function boundOf(jobs: readonly TransferJob[], side: CopyUnit['side'], settings: TransferSettings): number {
  let total = 0;
  let longest = 0;
  for (const job of jobs) {
    if (job.side !== side) continue;
    total += job.seconds;
    longest = Math.max(longest, job.seconds);
  }
  return Math.max(total / slotsWithin(settings), longest);
}

function secondsAlone({ size }: CopyUnit, { mean }: KnownSizes, settings: TransferSettings): number {
  return secondsOf({ form: { kind: 'pair' }, copies: size === undefined ? [{}] : [{ size }], assumed: mean }, settings);
}
