/** What the planning benchmark says, from what it measured. */
import type { DataSetSize } from './plan-data-set.ts';
import type { PlanVariant, Recorded } from './plan-variants.ts';

/** Of a process, its start included. */
export interface Usage {
  readonly cpuSeconds: number;
  /** `process.resourceUsage().maxRSS`. */
  readonly peakMemoryMib: number;
}

export interface Measured extends Usage {
  readonly seconds: number;
}

export interface PlanResult {
  readonly size: DataSetSize;
  readonly variant: PlanVariant;
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** One for each round. */
  readonly plan: readonly Measured[];
  readonly floor: readonly Measured[];
}

export interface PlanReport {
  readonly text: string;
  readonly isMet: boolean;
}

const MEMORY_WANTED_MIB = 512;
const SHARE_OF_PEER_WANTED = 0.1;

export function reportOf(results: readonly PlanResult[], surroundings: string): PlanReport {
  const misses = results.flatMap(missesOf);
  const verdict = misses.length === 0 ? 'All goals met.' : ['GOALS MISSED:', ...misses.map((miss) => `- ${miss}`)].join('\n');
  const text = [
    ...results.flatMap(summaryOf),
    '',
    `Wall time, CPU time (user and system) and peak resident memory of \`./ferry hms-mirror\` with reports, start included; ${surroundings}.`,
    'Best time of the rounds and their largest memory, in fresh processes after a first start, planning and floor in turns; more than a million partitions: one round.',
    'The floor reads the same file by the same reader and writes as many bytes by the same writer, with no rule in between.',
    '',
    table(FIGURES_HEAD, results.map(figures)),
    '',
    'Beside hms-mirror 3.2.0.1, by its recorded figures (not measured again here; its own data sets of the same size, 2 cores, Java 17):',
    '',
    table(PEER_HEAD, results.flatMap(besidePeer)),
    '',
    `Wanted: at most ${SHARE_OF_PEER_WANTED * 100} % of its time and memory, and ${MEMORY_WANTED_MIB} MiB for any size. ${verdict}`,
    '',
  ].join('\n');
  return { text, isMet: misses.length === 0 };
}

/** One line for each size: ours beside what hms-mirror took, where that is recorded. */
function summaryOf(result: PlanResult): readonly string[] {
  const { seconds, peakMemoryMib } = bestOf(result.plan);
  const recorded = recordedFor(result);
  const subject = `- ${sizeText(result.size)} ${result.variant.name}`;
  const holds = missesOf(result).length === 0 ? 'holds' : 'is MISSED';
  if (recorded === undefined)
    return [`${subject}: ${seconds.toFixed(2)} s, ${peakMemoryMib.toFixed(0)} of ${MEMORY_WANTED_MIB} MiB: the aim ${holds}.`];
  const wanted = `wanted ${(recorded.seconds * SHARE_OF_PEER_WANTED).toFixed(2)} s, ${(recorded.peakMemoryMib * SHARE_OF_PEER_WANTED).toFixed(0)} MiB`;
  const peer = `hms-mirror ${recorded.seconds} s, ${recorded.peakMemoryMib.toFixed(0)} MiB`;
  return [`${subject}: ${seconds.toFixed(2)} s, ${peakMemoryMib.toFixed(0)} MiB; ${peer}; ${wanted}: the aim ${holds}.`];
}

const FIGURES_HEAD = [
  'tables x partitions',
  'variant',
  'read, MB',
  'written, MB',
  'wall s, plan / floor',
  'CPU s, plan / floor',
  'CPU, plan / floor',
  'partitions per CPU s',
  'peak MiB, plan / floor',
];

function figures({ size, variant, inputBytes, outputBytes, plan, floor }: PlanResult): readonly string[] {
  const [planned, bare] = [bestOf(plan), bestOf(floor)];
  return [
    sizeText(size),
    variant.name,
    megabytes(inputBytes),
    megabytes(outputBytes),
    `${planned.seconds.toFixed(1)} / ${bare.seconds.toFixed(1)}`,
    `${planned.cpuSeconds.toFixed(1)} / ${bare.cpuSeconds.toFixed(1)}`,
    (planned.cpuSeconds / bare.cpuSeconds).toFixed(2),
    ((size.tables * size.partitions) / planned.cpuSeconds).toFixed(0),
    `${planned.peakMemoryMib.toFixed(0)} / ${bare.peakMemoryMib.toFixed(0)}`,
  ];
}

const PEER_HEAD = ['tables x partitions', 'variant', 'wall s', 'share', 'CPU s', 'share', 'peak MiB', 'share'];

function besidePeer(result: PlanResult): readonly (readonly string[])[] {
  const recorded = recordedFor(result);
  if (recorded === undefined) return [];
  const best = bestOf(result.plan);
  const compared = (['seconds', 'cpuSeconds', 'peakMemoryMib'] as const).flatMap((figure) => {
    const digits = figure === 'peakMemoryMib' ? 0 : 1;
    return [`${best[figure].toFixed(digits)} / ${recorded[figure].toFixed(digits)}`, percent(best[figure] / recorded[figure])];
  });
  return [[sizeText(result.size), result.variant.name, ...compared]];
}

function missesOf(result: PlanResult): readonly string[] {
  const best = bestOf(result.plan);
  const recorded = recordedFor(result);
  const subject = `${sizeText(result.size)} ${result.variant.name}`;
  const memory = best.peakMemoryMib > MEMORY_WANTED_MIB ? [`${subject}: ${best.peakMemoryMib.toFixed(0)} MiB`] : [];
  if (recorded === undefined) return memory;
  const over = (['seconds', 'peakMemoryMib'] as const).filter((figure) => best[figure] > recorded[figure] * SHARE_OF_PEER_WANTED);
  const names = { seconds: 'time', peakMemoryMib: 'memory' };
  return [...memory, ...over.map((figure) => `${subject}: ${percent(best[figure] / recorded[figure])} of its ${names[figure]}`)];
}

function recordedFor({ size, variant }: PlanResult): Recorded | undefined {
  return variant.recorded.find((row) => row.size === sizeText(size).replaceAll(/[ ,]/g, ''));
}

/** What else runs on the machine only ever slows a round down; memory is the most that any round took. */
function bestOf(rounds: readonly Measured[]): Measured {
  return {
    seconds: Math.min(...rounds.map(({ seconds }) => seconds)),
    cpuSeconds: Math.min(...rounds.map(({ cpuSeconds }) => cpuSeconds)),
    peakMemoryMib: Math.max(...rounds.map(({ peakMemoryMib }) => peakMemoryMib)),
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function sizeText({ tables, partitions }: DataSetSize): string {
  return `${tables.toLocaleString('en')} x ${partitions.toLocaleString('en')}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
