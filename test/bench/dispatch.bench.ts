/**
 * No-op tasks per second, from the outbox to the reported result, beside graphile-worker and pg-boss on the same Postgres.
 * The variant through Kafka needs the lab: npm run lab -- up
 * usage: npm run bench:dispatch -- [--tasks 10000] [--places 16] [--rounds 3] [--variants hiveferry,graphile]
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { readLab } from '../../lab/src/index.ts';
import { createTestDatabase, startTestPostgres } from '../support/postgres.ts';
import type { DispatchResult } from './dispatch-clock.ts';
import { DISPATCH_VARIANTS } from './dispatch-variants.ts';
import type { DispatchVariant } from './dispatch-variants.ts';

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10000' },
    places: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    variants: { type: 'string', default: Object.keys(DISPATCH_VARIANTS).join(',') },
  },
});
const WRITES = [
  'Written a task - Hiveferry: its row of the queue deleted; its step once (done); its table begins; 1/500 of a row of messages deleted; 1/1000 of a',
  "claim, of three rows of events, of a row of the inbox, and of the run's lock. graphile-worker: its job once (locked), then deleted. pg-boss: its",
  'job twice. A task of Hiveferry is one step of one table, of which no other has come before: its table begins with it, which in a real run is',
  'so for one step in three or more. Postgres is as it comes (synchronous_commit on): claims and results of all three wait for the disk; rows of',
  'our inbox, and the deletion of published messages, do not.',
];

const wanted = flags.variants.split(',').filter(isVariant);
const brokers = wanted.includes('hiveferry-kafka') ? readLab().kafka.bootstrap : '';
const postgres = await startTestPostgres();
const results = new Map<DispatchVariant, DispatchResult[]>(wanted.map((name) => [name, []]));
try {
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    // In turns, and each time another begins: what else runs on the machine hits all of them.
    for (const name of [...wanted.slice(round % wanted.length), ...wanted.slice(0, round % wanted.length)]) {
      const result = await measure(name);
      results.get(name)?.push(result);
      console.error(
        `${name}: ${speedOf(result).toFixed(0)} tasks/s, ${result.cpuSeconds.toFixed(2)} s of CPU, ${result.postgresCpuSeconds.toFixed(2)} s of Postgres's`,
      );
    }
  }
} finally {
  await postgres.stop();
}
const report = reportOf();
console.log(report);
if (flags.variants === Object.keys(DISPATCH_VARIANTS).join(',')) save(report);

async function measure(name: DispatchVariant): Promise<DispatchResult> {
  const database = await createTestDatabase(postgres.url);
  try {
    const files = ['load.ts', 'dispatch-child.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)));
    const argv = ['--disable-warning=ExperimentalWarning', ...files, name, database.url, flags.tasks, flags.places, brokers];
    const { stdout } = await promisify(execFile)(process.execPath, argv);
    // Printed by our own child.
    return JSON.parse(stdout) as DispatchResult;
  } finally {
    await database.drop();
  }
}

interface Figures {
  readonly name: DispatchVariant;
  readonly speed: number;
  readonly cpu: number;
  readonly postgresCpu: number;
}

function reportOf(): string {
  const all = wanted.map(figuresOf);
  const own = all.find(({ name }) => name === 'hiveferry')?.speed ?? Number.NaN;
  const rows = all.map(({ name, speed, cpu, postgresCpu }) => {
    return `| ${DISPATCH_VARIANTS[name].title} | ${speed.toFixed(0)} | ${(own / speed).toFixed(2)} | ${cpu.toFixed(2)} | ${postgresCpu.toFixed(2)} |`;
  });
  return [
    `${flags.tasks} no-op tasks, ${flags.places} places, median of ${flags.rounds} fresh processes each, in turns; ${postgres.origin}, ${cpus().length} cores, Node ${process.version}.`,
    'All tasks are in their tables, and what preparing them left in memory is collected, when the clock starts; it stops when every result is committed',
    '(Hiveferry: and every message published).',
    '',
    summaryOf(all),
    '',
    '| | tasks/s | Hiveferry / this | CPU s of the process | CPU s of its connections to Postgres |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...WRITES,
    '',
  ].join('\n');
}

function figuresOf(name: DispatchVariant): Figures {
  const found = results.get(name) ?? [];
  return {
    name,
    speed: median(found.map(speedOf)),
    cpu: median(found.map(({ cpuSeconds }) => cpuSeconds)),
    postgresCpu: median(found.map(({ postgresCpuSeconds }) => postgresCpuSeconds)),
  };
}

/** Against whichever of the others is quickest, and by the CPU that both take: what else the machine does changes that least. */
function summaryOf(all: readonly Figures[]): string {
  const [best] = all.filter(({ name }) => !name.startsWith('hiveferry')).sort((a, b) => b.speed - a.speed);
  if (best === undefined) return '**Summary: nothing to compare with.**';
  const cpuOf = (of: Figures): number => of.cpu + of.postgresCpu;
  const parts = all
    .filter(({ name }) => name.startsWith('hiveferry'))
    .map(
      (own) =>
        `${DISPATCH_VARIANTS[own.name].title}: ${(own.speed / best.speed).toFixed(2)} of its speed, ${(cpuOf(own) / cpuOf(best)).toFixed(1)} times its CPU`,
    );
  return `**Summary: the quickest other is ${DISPATCH_VARIANTS[best.name].title} with ${best.speed.toFixed(0)} tasks/s. ${parts.join('. ')}.**`;
}

function speedOf({ tasks, seconds }: DispatchResult): number {
  return tasks / seconds;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function isVariant(name: string): name is DispatchVariant {
  return name in DISPATCH_VARIANTS;
}

function save(text: string): void {
  const directory = new URL('./results/', import.meta.url);
  mkdirSync(directory, { recursive: true });
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(`dispatch-${day}.md`, directory), `# Dispatch benchmark, ${day}\n\n${text}`);
}
