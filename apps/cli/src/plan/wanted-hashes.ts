/** Hashes of `--plan-hash`, by target; under an empty name for the only one. */
export type WantedHashes = ReadonlyMap<string, string>;

/** Each as `HASH` or `TARGET=HASH`. */
export function wantedHashesIn(texts: readonly string[]): WantedHashes {
  return new Map(
    texts.map((text) => {
      const [hash = '', target = ''] = text.split('=').reverse();
      return [target, hash] as const;
    }),
  );
}

/** A target whose plan is not the one that was reviewed. */
export interface OtherPlan {
  readonly target: string;
  readonly planHash: string;
  /** Absent: none was said for it. */
  readonly expected: string | undefined;
}

/** @param planHashes by target. @returns nothing when no hash is asked for */
export function otherPlans(planHashes: Readonly<Record<string, string>>, wanted: WantedHashes): readonly OtherPlan[] {
  if (wanted.size === 0) return [];
  const entries = Object.entries(planHashes);
  return entries.flatMap(([target, planHash]) => {
    const expected = wanted.get(target) ?? (entries.length === 1 ? wanted.get('') : undefined);
    return expected === planHash ? [] : [{ target, planHash, expected }];
  });
}
