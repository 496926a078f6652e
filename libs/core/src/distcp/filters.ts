import type { Location } from '../model/location.ts';
import { partsOf, pathOf, relativeTo } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { sourcesOf } from './arguments.ts';

/** True for names that Hive's input formats leave out. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.');
}

/** See `pathFilter`; for a single path. */
export function isFilteredOut(job: CopyJob, path: Location): boolean {
  return pathFilter(job)(path);
}

/**
 * Says of a path whether the job leaves it out: it is excluded, or it lies below a hidden name, counted from the source
 * or from the innermost `visible` location that holds it. The same rule as `filterLines`, for our own listings.
 */
export function pathFilter(job: CopyJob): (path: Location) => boolean {
  const excluded = new Set(job.excluded.map(keyOf));
  const anchors = new Set(anchorsOf(job).map(keyOf));
  return (path) => {
    const chain = chainOf(path);
    if (chain.some((key) => excluded.has(key))) return true;
    const depth = chain.findIndex((key) => anchors.has(key));
    return depth > 0 && partsOf(path).segments.slice(-depth).some(isHiddenName);
  };
}

/**
 * Lines for `-filters`: Java regular expressions; what one of them matches is not copied. DistCp matches them against the whole
 * path with its scheme and authority (`RegexCopyFilter`, `matches()`), and walks into directories that it left out.
 * So each is anchored on a literal location and takes what lies below. The authority is left open: Hadoop may add the default port.
 */
export function filterLines(job: CopyJob): readonly string[] {
  const anchors = anchorsOf(job);
  const inner = innerAnchors(anchors);
  const hidden = anchors.map((anchor) => `${anchored(anchor)}${exceptFor(inner.get(anchor) ?? [])}(?:/.*)?/[_.].*`);
  const excluded = [...job.excluded].sort().map((location) => `${anchored(location)}(?:/.*)?`);
  return [...hidden, ...excluded];
}

/** Where hidden names are counted from: the sources, and locations that metadata put below a hidden name. */
function anchorsOf(job: CopyJob): readonly Location[] {
  const sources = sourcesOf(job);
  const keys = new Set(sources.map(keyOf));
  const visible = (job.visible ?? []).filter((location) => {
    const depth = chainOf(location).findIndex((key) => keys.has(key));
    return depth > 0 && partsOf(location).segments.slice(-depth).some(isHiddenName);
  });
  return [...new Set([...sources, ...visible])].sort();
}

/** For each anchor, paths of the anchors below it that no other one lies between. */
function innerAnchors(anchors: readonly Location[]): ReadonlyMap<Location, readonly string[]> {
  const byKey = new Map(anchors.map((anchor) => [keyOf(anchor), anchor]));
  const inner = new Map<Location, string[]>();
  for (const anchor of anchors) {
    const outer = chainOf(anchor)
      .slice(1)
      .flatMap((key) => byKey.get(key) ?? [])[0];
    if (outer === undefined) continue;
    inner.set(outer, [...(inner.get(outer) ?? []), `/${(relativeTo(anchor, outer) ?? []).join('/')}`]);
  }
  return inner;
}

function exceptFor(paths: readonly string[]): string {
  return paths.length === 0 ? '' : String.raw`(?!(?:${paths.map(quote).join('|')})(?:/|\z))`;
}

/** `(?s)`: a file name may hold a line feed. */
function anchored(location: Location): string {
  const path = pathOf(location);
  return `(?s)[^/:]+://[^/]*${path === '/' ? '' : quote(path)}`;
}

/** Java's `\Q...\E`; an `\E` within ends the quote, and a line feed would end the line of the file. */
function quote(text: string): string {
  const quoted = text
    .replaceAll(String.raw`\E`, String.raw`\E\\E\Q`)
    .replaceAll('\n', String.raw`\E\n\Q`)
    .replaceAll('\r', String.raw`\E\r\Q`);
  return String.raw`\Q${quoted}\E`;
}

/** The root of a namespace ends in a slash, no other location does. */
function keyOf(location: string): string {
  return location.endsWith('/') ? location.slice(0, -1) : location;
}

/** The location and all that hold it, innermost first. */
function chainOf(location: Location): readonly string[] {
  const { namespace, segments } = partsOf(location);
  return Array.from({ length: segments.length + 1 }, (_, up) => [namespace, ...segments.slice(0, segments.length - up)].join('/'));
}
