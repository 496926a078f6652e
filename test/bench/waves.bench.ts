/**
 * How near the waves of a warehouse come to the shortest time that its jobs allow, and how planning time grows with the number of tables.
 * usage: npm run bench:waves -- [--tables 10000] [--seed 1] [--rounds 3]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { DEFAULT_TRANSFER_SETTINGS, bytesText, durationText, planTransfer } from '@hiveferry/core';
import type { CopyUnit, TransferPlan, TransferSettings } from '@hiveferry/core';
import { check } from './waves-check.ts';
import { makeWarehouse } from './waves-warehouse.ts';

/** Makespan over its lower bound. */
const WANTED_RATIO = 1.2;
/** Time for a table among sixteen times as many, over the time for one among the fewest: a sort would not be seen, a square would be 16. */
const WANTED_GROWTH = 2;

const { values: flags } = parseArgs({
  options: {
    tables: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
  },
});
const tables = Number(flags.tables);
const seed = Number(flags.seed);

const VARIANTS: Readonly<Record<string, Partial<TransferSettings>>> = {
  '4 slots, lists': {},
  '8 slots, lists': { slots: 8, maxMappers: 160 },
  '16 slots, lists': { slots: 16, maxMappers: 320 },
  '8 slots, one JVM': { slots: 8, maxMappers: 160, packing: 'shared-jvm' },
  '8 slots, nothing packed': { slots: 8, maxMappers: 160, packing: 'none' },
  '8 slots, waves of 15 min': { slots: 8, maxMappers: 160, waveMinutes: 15 },
  '8 slots, link of 1,000 MB/s': { slots: 8, maxMappers: 160, maxMbPerSecond: 1000 },
};

const misses: string[] = [];
const warehouse = makeWarehouse(tables, seed);
const text = [
  `${tables.toLocaleString('en')} tables, seed ${seed}: ${sizeText(warehouse)}. ${cpus().length} cores, Node ${process.version}.`,
  'The bound is the sum of all jobs over the slots, or the longest job, whichever is larger; no order of these jobs is shorter. Times are forecasts.',
  '',
  '| variant | jobs | waves | longest job | bound | waves take | ratio | one by one | planning, ms |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ...Object.entries(VARIANTS).map(([name, settings]) => variantRow(name, settings)),
  '',
  'Planning time by number of tables, 8 slots, lists, best of the rounds:',
  '',
  '| tables | directories | jobs | ms | µs a directory |',
  '| --- | --- | --- | --- | --- |',
  ...growthRows(),
  '',
  misses.length === 0 ? `All goals met: ratio at most ${WANTED_RATIO}, planning time linear.` : ['GOALS MISSED:', ...misses].join('\n- '),
  '',
  'Recommendation for 8 slots, lists:',
  '',
  ...planTransfer(warehouse, settingsOf({ slots: 8, maxMappers: 160 })).recommendations.map((sentence) => `- ${sentence}`),
].join('\n');
console.log(text);
save();
if (misses.length > 0) process.exitCode = 1;

function settingsOf(own: Partial<TransferSettings>): TransferSettings {
  return { ...DEFAULT_TRANSFER_SETTINGS, ...own };
}

function variantRow(name: string, own: Partial<TransferSettings>): string {
  const { plan, ms } = timed(warehouse, settingsOf(own));
  const { makespanSeconds, boundSeconds, longestSeconds, errors } = check(warehouse, plan);
  const ratio = makespanSeconds / boundSeconds;
  misses.push(...errors.slice(0, 5).map((error) => `${name}: ${error}`));
  if (!(ratio <= WANTED_RATIO)) misses.push(`${name}: ratio ${ratio.toFixed(3)}`);
  const times = [longestSeconds, boundSeconds, makespanSeconds].map(durationText);
  return row([
    name,
    plan.jobs.length,
    plan.waves.length,
    ...times,
    ratio.toFixed(3),
    durationText(plan.forecast.oneByOneSeconds),
    ms.toFixed(0),
  ]);
}

function growthRows(): readonly string[] {
  const measured = [1, 2, 4, 8, 16].map((factor) => {
    const units = makeWarehouse((tables / 4) * factor, seed);
    const { plan, ms } = timed(units, settingsOf({ slots: 8, maxMappers: 160 }));
    const directories = units.reduce((sum, { parts }) => sum + 1 + parts.length, 0);
    return { units: units.length, directories, jobs: plan.jobs.length, ms, each: (ms * 1000) / directories };
  });
  const growth = (measured.at(-1)?.each ?? 0) / (measured[0]?.each ?? 1);
  if (!(growth <= WANTED_GROWTH)) misses.push(`planning a directory takes ${growth.toFixed(1)} times as long among 16 times as many`);
  return measured.map(({ units, directories, jobs, ms, each }) => row([units, directories, jobs, ms.toFixed(0), each.toFixed(1)]));
}

function timed(units: readonly CopyUnit[], settings: TransferSettings): { readonly plan: TransferPlan; readonly ms: number } {
  const runs = Array.from({ length: Number(flags.rounds) }, () => {
    const started = performance.now();
    const plan = planTransfer(units, settings);
    return { plan, ms: performance.now() - started };
  });
  return runs.reduce((best, run) => (run.ms < best.ms ? run : best));
}

function sizeText(units: readonly CopyUnit[]): string {
  const sizes = units.map(({ size }) => size?.bytes ?? 0).sort((a, b) => a - b);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const top = sizes.slice(-Math.ceil(sizes.length / 100)).reduce((sum, bytes) => sum + bytes, 0);
  const parts = units.reduce((sum, unit) => sum + unit.parts.length, 0);
  const median = bytesText(sizes[Math.floor(sizes.length / 2)] ?? 0);
  return `${bytesText(total)} in all, median ${median}, largest ${bytesText(sizes.at(-1) ?? 0)}, the largest hundredth holds ${((100 * top) / total).toFixed(0)} %; ${parts.toLocaleString('en')} partitions`;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)).join(' | ')} |`;
}

function save(): void {
  const directory = new URL('./results/', import.meta.url);
  mkdirSync(directory, { recursive: true });
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(`waves-${day}.md`, directory), `# Waves of copies, ${day}\n\n${text}\n`);
}
