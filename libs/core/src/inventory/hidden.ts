/**
 * The one rule about paths that Hive hides: a segment that starts with `_` or `.` hides all below it (`_SUCCESS`,
 * `.hive-staging_*`, `_temporary`), counted from the root of the copy, or from the innermost registered partition directory that
 * holds the path: a partition column may be called `_p`.
 *
 * @param path below the root, segments joined by `/`
 * @param registered directories of registered partitions below the same root
 */
export function isHidden(path: string, registered: ReadonlySet<string>): boolean {
  const segments = path.split('/');
  const holder = prefixesOf(segments).findLastIndex((prefix) => registered.has(prefix));
  return segments.slice(holder + 1).some(isHiddenSegment);
}

/** True for a name that Hive leaves out when it reads a directory. */
export function isHiddenSegment(segment: string): boolean {
  return /^[_.]/.test(segment);
}

/** True when the path is one of the directories or lies below one. */
export function isBelowAny(path: string, directories: ReadonlySet<string>): boolean {
  return directories.size > 0 && prefixesOf(path.split('/')).some((prefix) => directories.has(prefix));
}

function prefixesOf(segments: readonly string[]): readonly string[] {
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
