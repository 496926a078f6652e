import type { PlanSettings } from '../model/plan-settings.ts';
import type { CopySize, TransferSettings } from '../model/transfer.ts';
import { DEFAULT_TRANSFER_SETTINGS } from './default-settings.ts';
import { limitsOf } from './link-budget.ts';
import type { JobLimits } from './link-budget.ts';

/** DistCp's own number of mappers, when nothing is said. */
const MAPPERS = 20;

/** How the copies of a request may be spread: `mappers` and `bandwidthMbPerMapper` are for one copy, the other bounds for all of them. */
export function transferSettingsOf(distcp: PlanSettings['distcp']): TransferSettings {
  const { slots = DEFAULT_TRANSFER_SETTINGS.slots, maxMappers, mappers, maxMbPerSecond, window } = distcp;
  const { queue, properties, preserve, bandwidthMbPerMapper } = distcp;
  const { assumptions } = DEFAULT_TRANSFER_SETTINGS;
  const rate = Math.min(assumptions.mbPerSecondPerMapper, bandwidthMbPerMapper ?? Number.POSITIVE_INFINITY);
  return {
    ...DEFAULT_TRANSFER_SETTINGS,
    slots,
    maxMappers: Math.min(maxMappers ?? Number.POSITIVE_INFINITY, slots * (mappers ?? MAPPERS)),
    ...(maxMbPerSecond === undefined ? {} : { maxMbPerSecond }),
    ...(window === undefined ? {} : { window }),
    link: {
      ...(queue === undefined ? {} : { queue }),
      ...(properties === undefined ? {} : { properties }),
      ...(preserve === undefined ? {} : { preserve }),
      ...(bandwidthMbPerMapper === undefined ? {} : { bandwidthMbPerMapper }),
    },
    assumptions: { ...assumptions, mbPerSecondPerMapper: rate },
  };
}

/**
 * How hard one copy of a request may work, so that as many as it has slots stay within the bounds of the link together. What is said for one
 * copy bounds it too; where nothing is said for all, DistCp gets what is said for one and no more.
 */
export function copyLimits(distcp: PlanSettings['distcp'], size: CopySize | undefined): Partial<JobLimits> {
  const { maxMappers, maxMbPerSecond, mappers, bandwidthMbPerMapper } = distcp;
  const own = {
    ...(mappers === undefined ? {} : { mappers }),
    ...(bandwidthMbPerMapper === undefined ? {} : { bandwidthMbPerMapper }),
  };
  if (maxMappers === undefined && maxMbPerSecond === undefined) return own;
  return lower(limitsOf(size, transferSettingsOf(distcp)), bandwidthMbPerMapper);
}

/** The share of the link, or less where less is said for each mapper. */
export function lower(limits: JobLimits, bandwidthMbPerMapper: number | undefined): JobLimits {
  const bounds = [limits.bandwidthMbPerMapper, bandwidthMbPerMapper].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? { mappers: limits.mappers } : { mappers: limits.mappers, bandwidthMbPerMapper: Math.min(...bounds) };
}
