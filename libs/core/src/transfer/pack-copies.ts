import type { CopySize, CopyUnit, PlannedCopy, TransferForm, TransferSettings } from '../model/transfer.ts';
import { lastNameIn, parentOf } from '../translate/place.ts';
import { NOTHING } from './copy-sizes.ts';
import { secondsOf } from './job-seconds.ts';

/** Measured with this many in one list; what fails takes the others of its job along. */
const MOST_COPIES = 200;

/** Copies that run as one job. */
export interface JobDraft {
  readonly side: CopyUnit['side'];
  /** How many copies must be done before it, one after another: 1 for those from an intermediate storage. */
  readonly stage: number;
  readonly form: TransferForm;
  readonly copies: readonly PlannedCopy[];
}

/** Copies of one unit or of one split, which stay together. */
export interface CopyGroup {
  readonly side: CopyUnit['side'];
  readonly stage: number;
  readonly copies: readonly PlannedCopy[];
}

/**
 * Puts small copies together: into one list when they go to directories of the same names below one parent, or into one JVM that runs
 * them in turn. Contents are never mixed: each copy keeps its own target. Copies of unknown size stay alone.
 */
export function packCopies(groups: readonly CopyGroup[], settings: TransferSettings, jobBytes: number): readonly JobDraft[] {
  const alone: JobDraft[] = [];
  const open = new Map<string, Pack>();
  const done: Pack[] = [];
  for (const group of groups) {
    const key = packKey(group, settings);
    const pack = key === undefined ? undefined : roomFor(group, open.get(key), jobBytes);
    if (key === undefined) alone.push(aloneOf(group, settings));
    else if (pack === undefined) {
      const begun = beginPack(group);
      open.set(key, begun);
      done.push(begun);
    } else addTo(pack, group);
  }
  return [...alone, ...done.map((pack) => aloneOf(pack, settings))];
}

interface Pack extends CopyGroup {
  readonly copies: PlannedCopy[];
  readonly targets: Set<string>;
  bytes: number;
}

/** @returns undefined when the group takes no part in packing */
function packKey({ side, stage, copies }: CopyGroup, settings: TransferSettings): string | undefined {
  const [copy] = copies;
  // The parts of one split are as large as a job is to be.
  if (copy === undefined || copies.length > 1 || settings.packing === 'none' || !canShare(copy, settings)) return undefined;
  if (settings.packing === 'shared-jvm') return `${side} ${stage}`;
  return canBeListed(copy) ? `${side} ${stage} ${parentOf(copy.target)}` : undefined;
}

/** To start a job for it takes longer than to copy it. */
function canShare(copy: PlannedCopy, settings: TransferSettings): boolean {
  if (copy.size === undefined || copy.snapshots !== undefined) return false;
  const alone = secondsOf({ form: { kind: 'pair' }, copies: [copy], assumed: NOTHING }, settings);
  return alone <= 2 * settings.assumptions.startUpSeconds;
}

function roomFor(group: CopyGroup, pack: Pack | undefined, jobBytes: number): Pack | undefined {
  const [copy] = group.copies;
  if (pack === undefined || copy === undefined || pack.copies.length >= MOST_COPIES) return undefined;
  if (pack.bytes + bytesOf(copy) > jobBytes || pack.targets.has(copy.target)) return undefined;
  return pack.copies.some(({ source }) => isNested(source, copy.source)) ? undefined : pack;
}

function beginPack({ side, stage, copies }: CopyGroup): Pack {
  const targets = new Set(copies.map(({ target }) => target));
  return { side, stage, copies: [...copies], targets, bytes: copies.reduce((sum, copy) => sum + bytesOf(copy), 0) };
}

function addTo(pack: Pack, { copies }: CopyGroup): void {
  for (const copy of copies) {
    pack.copies.push(copy);
    pack.targets.add(copy.target);
    pack.bytes += bytesOf(copy);
  }
}

/** Of canonical places, and quick: each small copy is compared with those of its pack. */
function isNested(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function bytesOf({ size }: { readonly size?: CopySize }): number {
  return size?.bytes ?? 0;
}

function aloneOf({ side, stage, copies }: CopyGroup, { packing }: TransferSettings): JobDraft {
  return { side, stage, copies: [...copies], form: formOf(copies, packing) };
}

/** A list only where each copy keeps its name below one parent; one alone would be content to content. */
function formOf(copies: readonly PlannedCopy[], packing: TransferSettings['packing']): TransferForm {
  const [first] = copies;
  if (first === undefined || copies.length === 1) return { kind: 'pair' };
  const target = parentOf(first.target);
  const isList = packing === 'list' && copies.every((copy) => canBeListed(copy) && parentOf(copy.target) === target);
  return isList ? { kind: 'list', target } : { kind: 'sequence' };
}

/** A list is read line by line, and its directories keep their names. */
function canBeListed({ source, target }: PlannedCopy): boolean {
  const name = lastNameIn(source);
  return name !== '' && name === lastNameIn(target) && !/[\n\r]/.test(source);
}
