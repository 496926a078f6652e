/** Directories above a canonical place, from the inside, the root left out. Quick: there may be as many places as partitions. */
export function placesAbove(place: string): readonly string[] {
  const above: string[] = [];
  nearestAbove(place, (candidate) => {
    above.push(candidate);
    return false;
  });
  return above;
}

/** The innermost directory above a canonical place that is wanted. */
export function nearestAbove(place: string, isWanted: (candidate: string) => boolean): string | undefined {
  const scheme = place.indexOf('://');
  const start = scheme < 0 ? 0 : place.indexOf('/', scheme + 3);
  for (let at = place.lastIndexOf('/'); at > start; at = place.lastIndexOf('/', at - 1)) {
    const candidate = place.slice(0, at);
    if (isWanted(candidate)) return candidate;
  }
  return undefined;
}
