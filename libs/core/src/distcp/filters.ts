import type { Location } from '../model/location.ts';
import { pathOf, partsOf, relativeTo } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { sourcesOf } from './arguments.ts';

/** True for names that Hive's input formats leave out. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.');
}

/**
 * True when the job leaves this path out: it is excluded, or it lies below a hidden name, counted from the source
 * or from the innermost `visible` location that holds it.
 */
export function isFilteredOut(job: CopyJob, path: Location): boolean {
  if (job.excluded.some((excluded) => relativeTo(path, excluded) !== undefined)) return true;
  const depths = anchorsOf(job).flatMap((anchor) => relativeTo(path, anchor) === undefined ? [] : [partsOf(anchor).segments.length]);
  return depths.length > 0 && partsOf(path).segments.slice(Math.max(...depths)).some(isHiddenName);
}

/**
 * Lines for `-filters`: Java regular expressions; what one of them matches is not copied. DistCp matches them against the whole
 * path with its scheme and authority (`RegexCopyFilter`, `matches()`), and walks into directories that it left out.
 * So each is anchored on a literal location and takes what lies below. The authority is left open: Hadoop may add the default port.
 */
export function filterLines(job: CopyJob): readonly string[] {
  const anchors = anchorsOf(job);
  const hidden = anchors.map((anchor) => `${anchored(anchor)}${exceptFor(anchor, anchors)}(?:/.*)?/[_.].*`);
  const excluded = [...job.excluded].sort().map((location) => `${anchored(location)}(?:/.*)?`);
  return [...hidden, ...excluded];
}

/** Where hidden names are counted from: the sources, and locations that metadata put below a hidden name. */
function anchorsOf(job: CopyJob): readonly Location[] {
  const sources = sourcesOf(job);
  const visible = (job.visible ?? []).filter((location) => sources.some((source) => (relativeTo(location, source) ?? []).some(isHiddenName)));
  return [...new Set([...sources, ...visible])].sort();
}

function exceptFor(anchor: Location, anchors: readonly Location[]): string {
  const inner = anchors.flatMap((other) => {
    const segments = relativeTo(other, anchor);
    return segments === undefined || segments.length === 0 ? [] : [quote(`/${segments.join('/')}`)];
  });
  return inner.length === 0 ? '' : String.raw`(?!(?:${inner.join('|')})(?:/|\z))`;
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
