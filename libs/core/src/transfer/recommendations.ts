import type { CopyUnit, TransferForecast, TransferJob, TransferSettings } from '../model/transfer.ts';
import { bytesText, durationText } from './quantities.ts';
import { slotsWithin } from './link-budget.ts';
import { windowSeconds } from './time-window.ts';

/** Nobody minds a job of a minute. */
const WORTH_A_WORD_SECONDS = 60;

/** What is judged. */
interface Judged {
  readonly units: readonly CopyUnit[];
  readonly jobs: readonly TransferJob[];
  readonly forecast: TransferForecast;
}

/** What the plan rests on, and what would make it shorter, in sentences for a person. */
export function recommend(plan: Judged, settings: TransferSettings): readonly string[] {
  if (plan.jobs.length === 0) return [];
  return [
    ...overview(plan, settings),
    ...aboutPacks(plan),
    ...aboutSplits(plan),
    ...aboutTheLongest(plan, settings),
    ...aboutSizes(plan.forecast),
    ...aboutSlots(settings),
    ...aboutWindows(plan, settings),
    takenForGranted(settings),
  ];
}

function overview({ forecast }: Judged, settings: TransferSettings): readonly string[] {
  const { copies, jobs, waves, seconds, lowerBoundSeconds, oneByOneSeconds } = forecast;
  const each = counted(waves, settings.window === undefined ? 'wave' : 'time window');
  return [
    `Run ${counted(copies, 'copy', 'copies')} as ${counted(jobs, 'DistCp job')} in ${each}, up to ${slotsWithin(settings)} jobs at a time: about ${durationText(seconds)}. No order of these jobs takes less than ${durationText(lowerBoundSeconds)}; one command for each copy, one after another, would take ${durationText(oneByOneSeconds)}.`,
  ];
}

function aboutPacks({ jobs }: Judged): readonly string[] {
  const packs = jobs.filter(({ copies, form }) => form.kind !== 'pair' && new Set(copies.map(({ unit }) => unit)).size > 1);
  if (packs.length === 0) return [];
  const copies = packs.reduce((sum, job) => sum + job.copies.length, 0);
  return [
    `${counted(copies, 'small copy', 'small copies')} share ${counted(packs.length, 'job')}, since the start of a job takes longer than copying them.`,
  ];
}

function aboutSplits({ jobs, units }: Judged): readonly string[] {
  const jobsOf = new Map<string, number>();
  for (const unit of jobs.flatMap(({ copies }) => [...new Set(copies.map((copy) => copy.unit))]))
    jobsOf.set(unit, (jobsOf.get(unit) ?? 0) + 1);
  const split = units.filter(({ id }) => (jobsOf.get(id) ?? 0) > 1);
  const [first] = split.toSorted((a, b) => (b.size?.bytes ?? 0) - (a.size?.bytes ?? 0));
  if (first === undefined) return [];
  const count = jobsOf.get(first.id) ?? 0;
  return [
    `${counted(split.length, 'large copy is', 'large copies are')} split by directories; the largest, ${first.subject}, into ${count} jobs.`,
  ];
}

/** The longest job bounds every plan when it takes longer than the others leave for it. */
function aboutTheLongest({ jobs, forecast }: Judged, settings: TransferSettings): readonly string[] {
  const total = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = jobs.reduce<TransferJob | undefined>(
    (most, job) => (most === undefined || job.seconds > most.seconds ? job : most),
    undefined,
  );
  if (longest === undefined || longest.seconds <= Math.max(WORTH_A_WORD_SECONDS, total / slotsWithin(settings)) || jobs.length === 1)
    return [];
  const [copy] = longest.copies;
  return [
    `${longest.id} (${copy?.source ?? ''}) alone takes ${durationText(longest.seconds)} of ${durationText(forecast.seconds)}: more slots shorten nothing. It could be split if the sizes of directories in it were known, or be begun before the others.`,
  ];
}

function aboutSizes({ unknownSizes, copies, size }: TransferForecast): readonly string[] {
  if (unknownSizes === 0) return [];
  if (unknownSizes === copies) {
    return [
      'No size is known: the waves balance the number of copies, and the time is that of the starts alone. Record statistics for a forecast that means something.',
    ];
  }
  return [
    `The size of ${counted(unknownSizes, 'copy', 'copies')} is not known; each counts as the mean of the others, ${bytesText(size.bytes / (copies - unknownSizes))}.`,
  ];
}

function aboutSlots(settings: TransferSettings): readonly string[] {
  const slots = slotsWithin(settings);
  if (slots === settings.slots) return [];
  return [`The bounds of the link leave ${slots} of ${settings.slots} slots a mapper and 1 MB/s.`];
}

function aboutWindows({ jobs }: Judged, { window }: TransferSettings): readonly string[] {
  if (window === undefined) return [];
  const length = `${window.opens} to ${window.closes} (${durationText(windowSeconds(window))})`;
  const cut = jobs.filter(({ windows }) => windows !== undefined && windows.first < windows.last);
  if (cut.length === 0) return [`Every job fits into its window, ${length}.`];
  const names = cut.slice(0, 5).map(({ id, windows }) => `${id} (windows ${windows?.first ?? 0} to ${windows?.last ?? 0})`);
  return [
    `${counted(cut.length, 'job is', 'jobs are')} longer than a window, ${length}: ended at its end, gone on with by -update in the next, where what is there is looked at and skipped: ${names.join(', ')}${cut.length > 5 ? ', ...' : ''}.`,
  ];
}

function takenForGranted({ assumptions }: TransferSettings): string {
  const { startUpSeconds, listSecondsPerFile, copySecondsPerFile, mbPerSecondPerMapper } = assumptions;
  return `Taken for granted: ${startUpSeconds} s to start a job, ${listSecondsPerFile} s to list a file, ${copySecondsPerFile} s for a mapper to open and close it, ${mbPerSecondPerMapper} MB/s for each mapper. Measure them on your link.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
