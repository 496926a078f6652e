import { cpus } from 'node:os';
import type { DispatchResult } from './dispatch-clock.ts';
import { DISPATCH_VARIANTS } from './dispatch-variants.ts';
import type { DispatchVariant } from './dispatch-variants.ts';

/** Measurements of one number of tasks. */
export interface DispatchFigures {
  readonly tasks: number;
  readonly results: ReadonlyMap<DispatchVariant, readonly DispatchResult[]>;
}

export interface DispatchSetting {
  readonly places: string;
  readonly rounds: string;
  /** What Postgres it is. */
  readonly origin: string;
}

const METHOD = [
  'Each process runs compiled code, as services do, and works off 50,000 tasks before: services run for weeks, and V8 compiles for',
  "about a second of work (after 10,000, as it was before, Hiveferry's runs of 10,000 are a quarter slower, graphile-worker's are not). Then another process writes the tasks,",
  'Postgres vacuums and analyzes its tables, as it does by itself within a minute, and the clock starts (what the warm-up left in memory is collected',
  'when V8 finds it time, as in a service); it stops when every result is committed',
  "(Hiveferry: and every message published and remembered). What starts inside the clock: Hiveferry's relay (its executor waits for messages),",
  "graphile-worker's runner, pg-boss's workers; connections are there before. Batches: Hiveferry claims up to 2,000 at a time, and as many while these",
  'run; graphile-worker fetches 500 into its local queue, pg-boss 100.',
  'CPU is that of the process and of its connections; the broker, on the same cores, has its own.',
];
const WRITES = [
  'Written a task - Hiveferry: its row of the queue deleted; its step once (done, which also tells that its table has begun); 1/78 of a message deleted;',
  "about 1/2000 of a claim, of three rows of events, of the run's lock and of a count; 1/2500 of a row of the inbox. graphile-worker: its job once (locked),",
  'then deleted. pg-boss: its job twice. A task of Hiveferry is the first step of a table and ends at once: of a step that takes longer the start is told',
  'by itself, and of a first one the row of its table is written then. Postgres is as it comes (synchronous_commit on): claims and results of all three wait',
  'for the disk; rows of our inbox, and the deletion of published messages, do not.',
];

interface Row {
  readonly name: DispatchVariant;
  readonly speed: number;
  readonly cpu: number;
  readonly postgresCpu: number;
}

export function dispatchReport(sizes: readonly DispatchFigures[], { places, rounds, origin }: DispatchSetting): string {
  return [
    `No-op tasks, ${places} places, median of ${rounds} fresh processes each, in turns; ${origin}, ${cpus().length} cores, Node ${process.version}.`,
    ...METHOD,
    '',
    ...sizes.flatMap((size) => tableOf(size)),
    ...WRITES,
    '',
  ].join('\n');
}

export function speedOf({ tasks, seconds }: DispatchResult): number {
  return tasks / seconds;
}

function tableOf({ tasks, results }: DispatchFigures): readonly string[] {
  const all = [...results].map(([name, found]) => rowOf(name, found));
  const own = all.find(({ name }) => name === 'hiveferry')?.speed ?? Number.NaN;
  return [
    `## ${tasks.toLocaleString('en')} tasks`,
    '',
    summaryOf(all),
    '',
    '| | tasks/s | Hiveferry / this | CPU s of the process | CPU s of its connections to Postgres |',
    '|---|---|---|---|---|',
    ...all.map(({ name, speed, cpu, postgresCpu }) => {
      return `| ${DISPATCH_VARIANTS[name].title} | ${speed.toFixed(0)} | ${(own / speed).toFixed(2)} | ${cpu.toFixed(2)} | ${postgresCpu.toFixed(2)} |`;
    }),
    '',
  ];
}

function rowOf(name: DispatchVariant, found: readonly DispatchResult[]): Row {
  return {
    name,
    speed: median(found.map(speedOf)),
    cpu: median(found.map(({ cpuSeconds }) => cpuSeconds)),
    postgresCpu: median(found.map(({ postgresCpuSeconds }) => postgresCpuSeconds)),
  };
}

/** Against whichever of the others is quickest, and by the CPU that both take: what else the machine does changes that least. */
function summaryOf(all: readonly Row[]): string {
  const [best] = all.filter(({ name }) => !isOwn(name)).sort((a, b) => b.speed - a.speed);
  if (best === undefined) return '**Summary: nothing to compare with.**';
  const cpuOf = (of: Row): number => of.cpu + of.postgresCpu;
  const parts = all
    .filter(({ name }) => isOwn(name))
    .map(
      (own) =>
        `${DISPATCH_VARIANTS[own.name].title}: ${(own.speed / best.speed).toFixed(2)} of its speed, ${(cpuOf(own) / cpuOf(best)).toFixed(1)} times its CPU`,
    );
  return `**Summary: the quickest other is ${DISPATCH_VARIANTS[best.name].title} with ${best.speed.toFixed(0)} tasks/s. ${parts.join('. ')}.**`;
}

const isOwn = (name: DispatchVariant): boolean => name.startsWith('hiveferry');

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
