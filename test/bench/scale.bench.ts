/**
 * One run of many tables whose steps do nothing, by two planners and two executors as processes of their own on Kafka: how evenly they
 * share it, and whether their memory grows with the number of tables. Needs the lab's Kafka: npm run lab -- up
 * usage: npm run bench:scale -- [--tables 2500,5000,10000,20000]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { readLab } from '../../lab/src/index.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { measureScale } from './scale-run.ts';
import type { ProcessFigures, ScaleFigures } from './scale-run.ts';

const { values: flags } = parseArgs({ options: { tables: { type: 'string', default: '2500,5000,10000,20000' } } });
const brokers = readLab().kafka.bootstrap;
const postgres = await startTestPostgres();
const figures: ScaleFigures[] = [];
try {
  for (const tables of flags.tables.split(',').map(Number)) {
    figures.push(await measureScale({ tables, brokers, postgresUrl: postgres.url }));
    console.error(partOf(figures.at(-1)));
  }
} finally {
  await postgres.stop();
}
const report = [
  `One run with two planners and two executors, each a process of its own, on Kafka; ${postgres.origin}, ${cpus().length} cores, Node ${process.version}.`,
  'The source has so many tables in four databases, made up when they are asked for; strategy LINKED, proof metadata; steps do nothing.',
  'Planned and made: tables in the parts of the run that a planner planned, and made the steps of. Done: steps that an executor reported.',
  'Memory is looked at every second from the start of the process, in MiB; the heap right after a full collection. RSS holds the loader of TypeScript.',
  '',
  summaryOf(figures),
  '',
  ...figures.map(partOf),
].join('\n');
console.log(report);
save(report);

/** Whether memory grows with the tables, and how even the shares are: of each the worst process. */
function summaryOf(runs: readonly ScaleFigures[]): string {
  const heaps = runs.map(({ processes }) => Math.max(...processes.map(({ heap }) => heap.median)) / 2 ** 20);
  const shares = (['planned', 'made', 'done'] as const).map((name) => {
    const counts = runs.at(-1)?.processes.flatMap(({ [name]: count }) => (count === undefined ? [] : [count])) ?? [];
    return `${name} ${((100 * Math.max(...counts)) / counts.reduce((sum, count) => sum + count, 0)).toFixed(0)} %`;
  });
  const sizes = runs.map(({ tables }) => String(tables)).join(', ');
  return (
    `**Summary: heap in use ${heaps.map((heap) => heap.toFixed(0)).join(', ')} MiB at ${sizes} tables (median of the process that has most); ` +
    `the busier of two has ${shares.join(', ')} of the largest run.**`
  );
}

function partOf(run: ScaleFigures | undefined): string {
  if (run === undefined) return '';
  const { tables, steps, seconds, state } = run;
  return [
    `## ${String(tables)} tables, ${String(steps)} steps: ${state} in ${seconds.total.toFixed(0)} s`,
    '',
    `Planned in ${seconds.planned.toFixed(0)} s, steps made after ${seconds.dispatched.toFixed(0)} s, all done after ${seconds.total.toFixed(0)} s.`,
    '',
    '| process | planned | made | done | heap in use, median | heap in use, highest | RSS, highest | CPU s |',
    '|---|---|---|---|---|---|---|---|',
    ...run.processes.map(rowOf),
    '',
  ].join('\n');
}

function rowOf({ name, planned, made, done, heap, rss, cpuSeconds }: ProcessFigures): string {
  const counts = [planned, made, done].map((count) => (count === undefined ? '' : String(count)));
  const memory = [heap.median, heap.highest, rss.highest].map((bytes) => (bytes / 2 ** 20).toFixed(0));
  return `| ${[name, ...counts, ...memory, cpuSeconds.toFixed(0)].join(' | ')} |`;
}

function save(text: string): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(`scale-${day}.md`, folder), `# Scale benchmark, ${day}\n\n${text}`);
}
