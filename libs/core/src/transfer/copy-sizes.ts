import type { CopySize } from '../model/transfer.ts';

export const NOTHING: CopySize = { bytes: 0, files: 0 };

export function sumOf(sizes: Iterable<CopySize>): CopySize {
  let bytes = 0;
  let files = 0;
  for (const size of sizes) {
    bytes += size.bytes;
    files += size.files;
  }
  return { bytes, files };
}

/** Sizes of things of which some are not known. */
export interface KnownSizes {
  readonly known: CopySize;
  readonly unknown: number;
  /** What an unknown one counts as; nothing when none is known. */
  readonly mean: CopySize;
}

export function knownSizes(sized: readonly { readonly size?: CopySize }[]): KnownSizes {
  const sizes = sized.flatMap(({ size }) => size ?? []);
  const known = sumOf(sizes);
  return { known, unknown: sized.length - sizes.length, mean: share(known, sizes.length) };
}

/** An equal share of a size, in whole bytes and files. */
export function share({ bytes, files }: CopySize, count: number): CopySize {
  return count === 0 ? NOTHING : { bytes: Math.ceil(bytes / count), files: Math.ceil(files / count) };
}

/** What is left of a size; statistics of parts may say more than those of the whole. */
export function less(whole: CopySize, part: CopySize): CopySize {
  return { bytes: Math.max(0, whole.bytes - part.bytes), files: Math.max(0, whole.files - part.files) };
}
