import type { CopySize, TransferSettings } from '../model/transfer.ts';

/** Less than this is not worth a mapper of its own, unless it is many files. */
const BYTES_PER_MAPPER = 256 * 1024 ** 2;
const FILES_PER_MAPPER = 100;

/** How hard one job may work. */
export interface JobLimits {
  readonly mappers: number;
  readonly bandwidthMbPerMapper?: number;
}

/** Jobs at the same time, so that each has a mapper and 1 MB/s at least: DistCp takes whole numbers, from 1. */
export function slotsWithin({ slots, maxMappers, maxMbPerSecond }: TransferSettings): number {
  return Math.max(1, Math.min(slots, maxMappers, Math.floor(maxMbPerSecond ?? slots)));
}

/**
 * Mappers by what there is to copy, within the job's equal share of the link: any jobs that run at the same time, one in each slot,
 * stay within the bounds together. No mapper is asked for that would find no file; without a size the whole share is.
 */
export function limitsOf(size: CopySize | undefined, settings: TransferSettings): JobLimits {
  const slots = slotsWithin(settings);
  const share = settings.maxMbPerSecond === undefined ? undefined : Math.floor(settings.maxMbPerSecond / slots);
  const most = Math.max(1, Math.min(Math.floor(settings.maxMappers / slots), share ?? Number.POSITIVE_INFINITY));
  const mappers = size === undefined ? most : Math.max(1, Math.min(most, wantedFor(size), size.files));
  return share === undefined ? { mappers } : { mappers, bandwidthMbPerMapper: Math.max(1, Math.floor(share / mappers)) };
}

function wantedFor({ bytes, files }: CopySize): number {
  return Math.max(Math.ceil(bytes / BYTES_PER_MAPPER), Math.ceil(files / FILES_PER_MAPPER));
}
