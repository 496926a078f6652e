/**
 * No-op tasks per second, from the outbox to the reported result, beside graphile-worker and pg-boss on the same Postgres.
 * The variant through Kafka needs the lab: npm run lab -- up
 * usage: npm run bench:dispatch -- [--tasks 10000,40000,160000] [--places 16] [--rounds 3] [--variants hiveferry,graphile]
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { readLab } from '../../lab/src/index.ts';
import { createTestDatabase, startTestPostgres } from '../support/postgres.ts';
import type { DispatchResult } from './dispatch-clock.ts';
import { dispatchReport, speedOf } from './dispatch-report.ts';
import type { DispatchFigures } from './dispatch-report.ts';
import { DISPATCH_VARIANTS } from './dispatch-variants.ts';
import type { DispatchVariant } from './dispatch-variants.ts';

const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10000,40000,160000' },
    places: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    variants: { type: 'string', default: Object.keys(DISPATCH_VARIANTS).join(',') },
  },
});

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CHILD = join(ROOT, 'dist/test/bench/dispatch-child.js');
await promisify(execFile)(
  process.execPath,
  ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'standalone', '--path', 'test/bench/tsconfig.json'],
  { cwd: ROOT },
);

const wanted = flags.variants.split(',').filter(isVariant);
const brokers = wanted.includes('hiveferry-kafka') ? readLab().kafka.bootstrap : '';
const postgres = await startTestPostgres();
const sizes: DispatchFigures[] = [];
try {
  for (const tasks of flags.tasks.split(',').map(Number)) sizes.push({ tasks, results: await measureAll(tasks) });
} finally {
  await postgres.stop();
}
const report = dispatchReport(sizes, { ...flags, origin: postgres.origin });
console.log(report);
if (flags.variants === Object.keys(DISPATCH_VARIANTS).join(',')) save(report);

async function measureAll(tasks: number): Promise<ReadonlyMap<DispatchVariant, readonly DispatchResult[]>> {
  const results = new Map<DispatchVariant, DispatchResult[]>(wanted.map((name) => [name, []]));
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    // In turns, and each time another begins: what else runs on the machine hits all of them.
    for (const name of [...wanted.slice(round % wanted.length), ...wanted.slice(0, round % wanted.length)]) {
      const result = await measure(name, tasks);
      results.get(name)?.push(result);
      const { cpuSeconds, postgresCpuSeconds } = result;
      console.error(
        `${name}, ${tasks}: ${speedOf(result).toFixed(0)} tasks/s, ${cpuSeconds.toFixed(2)} s of CPU, ${postgresCpuSeconds.toFixed(2)} s of Postgres's`,
      );
    }
  }
  return results;
}

async function measure(name: DispatchVariant, tasks: number): Promise<DispatchResult> {
  const database = await createTestDatabase(postgres.url);
  try {
    const argv = [CHILD, 'run', name, database.url, String(tasks), flags.places, brokers];
    const { stdout } = await promisify(execFile)(process.execPath, argv);
    // Printed by our own child.
    return JSON.parse(stdout) as DispatchResult;
  } finally {
    await database.drop();
  }
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
