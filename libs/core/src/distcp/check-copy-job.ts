import type { Issue } from '../model/issue.ts';
import type { Location } from '../model/location.ts';
import { isWithin, lastSegment, locate, partsOf } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { sourcesOf } from './arguments.ts';

/**
 * Refuses jobs that DistCp would run to the wrong place, whatever lies there.
 * Issues: COPY_LIST_OF_ONE, COPY_LIST_NAMES_EQUAL, COPY_LIST_PATH_UNPRINTABLE, COPY_SOURCES_NESTED, COPY_TARGET_INSIDE_SOURCE.
 *
 * @returns refusals in the order of the sources; subject is the job's id
 */
export function checkCopyJob(job: CopyJob): readonly Issue[] {
  const sources = sourcesOf(job);
  return [
    ...(job.kind === 'list' ? checkList(job.id, sources) : []),
    ...nestedSources(sources).map((source) => refusal('COPY_SOURCES_NESTED', job.id, source)),
    ...sources.filter((source) => isWithin(job.target, source)).map((source) => refusal('COPY_TARGET_INSIDE_SOURCE', job.id, source)),
  ];
}

function checkList(id: string, sources: readonly Location[]): readonly Issue[] {
  const names = sources.map(lastSegment);
  const unprintable = sources.filter((source, index) => names[index] === undefined || /[\n\r]/.test(source));
  const repeated = sources.filter((_, index) => names.indexOf(names[index]) !== index);
  return [
    // A list of one directory into an absent target is content to content, and nests when run again.
    ...(sources.length < 2 ? [refusal('COPY_LIST_OF_ONE', id, sources[0] ?? '')] : []),
    ...unprintable.map((source) => refusal('COPY_LIST_PATH_UNPRINTABLE', id, source)),
    ...repeated.map((source) => refusal('COPY_LIST_NAMES_EQUAL', id, source)),
  ];
}

/** Sources that are named twice or lie below another one. */
function nestedSources(sources: readonly Location[]): readonly Location[] {
  const all = new Set(sources);
  return sources.filter((source, index) => sources.indexOf(source) !== index || holdersOf(source).some((holder) => all.has(holder)));
}

function refusal(code: string, subject: string, source: string): Issue {
  return { code, severity: 'refusal', subject, detail: { source } };
}

function holdersOf(location: Location): readonly Location[] {
  const { namespace, segments } = partsOf(location);
  return segments.map((_, count) => locate(namespace, segments.slice(0, count)));
}
