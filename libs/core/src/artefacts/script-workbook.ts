import type { ScriptCopy } from '../model/script-plan.ts';
import type { TransferJob, TransferPlan } from '../model/transfer.ts';
import type { CopyScript } from './copy-script.ts';
import { code, plain } from './markdown.ts';

/** The jobs of one side. */
export interface WorkbookJobs {
  readonly side: ScriptCopy['side'];
  readonly transfer: TransferPlan;
}

interface Side extends WorkbookJobs {
  readonly pairs: readonly ScriptCopy[];
}

/** For people: what is copied where, in which jobs and waves, and how long it may take. In pieces. */
export function* scriptWorkbook({ stem, database, target, place }: CopyScript, { side, pairs, transfer }: Side): Generator<string> {
  yield `# DistCp workbook: ${code(database)} to ${code(target)}\n\n${place}\n\n`;
  yield `\`sh ${stem}_distcp_script.sh\` copies and validates; run again it goes on where it stopped, \`--help\` says more.\n\n`;
  yield* forecastAndJobs({ side, transfer });
  yield '\n## Directories\n\nThe content of each source lands in its target.\n\n| source | target |\n|---|---|\n';
  for (const copy of pairs) yield `| ${code(copy.source)} | ${code(copy.target)} |\n`;
}

/** How long the copies may take, and which job runs when. */
export function* forecastAndJobs({ side, transfer }: WorkbookJobs): Generator<string> {
  yield `## Forecast\n\n${transfer.recommendations.map((text) => `- ${plain(text)}`).join('\n')}\n\n`;
  yield* jobTable(transfer, side);
}

function* jobTable({ jobs, waves }: TransferPlan, side: ScriptCopy['side']): Generator<string> {
  yield '## Jobs\n\nThe lanes of a wave run side by side, the jobs of a lane one after another.\n\n';
  yield '| job | wave | lane | directories | mappers | GB known | seconds | first directory |\n|---|---|---|---|---|---|---|---|\n';
  const places = placesOf(waves, side);
  const own = jobs.filter((job) => job.side === side);
  for (const [index, job] of own.entries()) yield jobLine(job, index + 1, places.get(job.id) ?? ' | ');
}

/** The first wave and lane of each job: one that a time window ends goes on in the next. */
function placesOf(waves: TransferPlan['waves'], side: ScriptCopy['side']): ReadonlyMap<string, string> {
  const places = waves.flatMap(({ number, lanes }) => {
    const own = lanes.filter((lane) => lane.side === side);
    return own.flatMap((lane, index) => lane.jobs.map((id) => [id, `${number} | ${index + 1}`] as const));
  });
  return new Map(places.toReversed());
}

function jobLine({ copies, mappers, size, seconds, unknownSizes }: TransferJob, number: number, place: string): string {
  const known = `${(size.bytes / 1e9).toFixed(1)}${unknownSizes > 0 ? ` and ${unknownSizes} unknown` : ''}`;
  return `| ${number} | ${place} | ${copies.length} | ${mappers} | ${known} | ${Math.round(seconds)} | ${code(copies[0]?.source ?? '')} |\n`;
}
