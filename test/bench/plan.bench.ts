/**
 * How fast `ferry hms-mirror` plans data sets of many tables and partitions, reports included, and in how much memory; beside each
 * figure the floor (same reader, same writer, no rule) and what hms-mirror needed.
 * usage: npm run bench:plan -- [--sizes 2000x20,10000x20,500x200,100000x100] [--rounds 3]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeDataSet } from './plan-data-set.ts';
import type { DataSetSize } from './plan-data-set.ts';
import { reportOf } from './plan-report.ts';
import type { Measured, PlanResult, Usage } from './plan-report.ts';
import { PLAN_VARIANTS } from './plan-variants.ts';
import type { PlanVariant } from './plan-variants.ts';

/** Data sets of more partitions than this are planned once, however many rounds are asked for. */
const REPEATED_PARTITIONS = 1_000_000;

const FERRY = fileURLToPath(new URL('../../ferry', import.meta.url));
const FLOOR = fileURLToPath(new URL('./plan-floor.ts', import.meta.url));
const BUNDLER = fileURLToPath(new URL('../../scripts/bundle-ferry.ts', import.meta.url));
/** Those of `./ferry`, as is MALLOC_ARENA_MAX below. */
const FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=2',
  '--heap-growing-percent=50',
  '--v8-pool-size=1',
  '--no-maglev',
  '--no-sparkplug',
  '--max-inlined-bytecode-size-cumulative=300',
  '--concurrent-recompilation-queue-length=1',
];
const USAGE_AT_EXIT = new URL('./usage-at-exit.ts', import.meta.url).href;

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '2000x20,10000x20,500x200,100000x100' },
    rounds: { type: 'string', default: '3' },
  },
});
const sizes = flags.sizes.split(',').map(readSize);
const folder = mkdtempSync(join(tmpdir(), 'hiveferry-bench-plan-'));
try {
  const floor = bundledFloor();
  const report = reportOf(
    sizes.flatMap((size) => measureSize(size, floor)),
    surroundings(),
  );
  console.log(report.text);
  save(report.text);
  if (!report.isMet) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

function readSize(text: string): DataSetSize {
  const [, tables, partitions] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (tables === undefined || partitions === undefined) throw new Error(`--sizes: expected TABLESxPARTITIONS, found ${text}`);
  return { tables: Number(tables), partitions: Number(partitions) };
}

/** As a bundle, since `./ferry` is one. */
function bundledFloor(): string {
  const bundle = join(folder, 'floor');
  const { status, stderr } = spawnSync(process.execPath, [BUNDLER, bundle, FLOOR], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${BUNDLER}: expected exit code 0, found ${status}: ${stderr}`);
  const [, entry = ''] = readFileSync(join(bundle, 'current'), 'utf8').split('\n');
  return join(bundle, entry);
}

function measureSize(size: DataSetSize, floor: string): readonly PlanResult[] {
  const file = join(folder, 'data-set.yaml');
  const inputBytes = writeDataSet(file, size);
  console.error(`planning ${size.tables} tables of ${size.partitions} partitions ...`);
  const rounds = size.tables * size.partitions > REPEATED_PARTITIONS ? 1 : Number(flags.rounds);
  return PLAN_VARIANTS.map((variant) => ({ size, variant, inputBytes, ...measureVariant(variant, { dataSet: file, floor, rounds }) }));
}

interface Input {
  readonly dataSet: string;
  readonly floor: string;
  readonly rounds: number;
}

/** Planning and floor take turns. */
function measureVariant(variant: PlanVariant, { dataSet, floor, rounds }: Input): Pick<PlanResult, 'plan' | 'floor' | 'outputBytes'> {
  const plans: Measured[] = [];
  const floors: Measured[] = [];
  let outputBytes = 0;
  warmUp(variant);
  for (let round = 0; round < rounds; round += 1) {
    const output = join(folder, 'out');
    plans.push(plan(variant, dataSet, output));
    outputBytes = readdirSync(output).reduce((sum, name) => sum + statSync(join(output, name)).size, 0);
    rmSync(output, { recursive: true });
    const echo = join(folder, 'floor.txt');
    floors.push(measure(process.execPath, [...FLAGS, floor, dataSet, echo, String(outputBytes)]));
    rmSync(echo);
  }
  console.error(JSON.stringify({ variant: variant.name, plans, floors }));
  return { plan: plans, floor: floors, outputBytes };
}

/** The first start makes the bundle, and Node its compiled code. */
function warmUp(variant: PlanVariant): void {
  const small = join(folder, 'small.yaml');
  writeDataSet(small, { tables: 10, partitions: 2 });
  plan(variant, small, join(folder, 'small'));
  rmSync(join(folder, 'small'), { recursive: true });
}

function plan({ options, configuration }: PlanVariant, dataSet: string, output: string): Measured {
  const file = join(folder, 'configuration.yaml');
  writeFileSync(file, configuration);
  return measure(FERRY, ['hms-mirror', ...options, '-cfg', file, '-ltd', dataSet, '-o', output]);
}

function measure(program: string, argv: readonly string[]): Measured {
  const usageFile = join(folder, 'usage.json');
  const env = {
    ...process.env,
    HOME: folder,
    MALLOC_ARENA_MAX: '1',
    // Of its own, so that planning and floor start alike.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    NODE_OPTIONS: `--import ${USAGE_AT_EXIT}`,
    USAGE_FILE: usageFile,
  };
  const started = performance.now();
  const { status, signal, stderr } = spawnSync(program, argv, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: expected exit code 0, found ${status ?? signal}: ${stderr}`);
  // Written by usage-at-exit.ts in the child.
  return { seconds, ...(JSON.parse(readFileSync(usageFile, 'utf8')) as Usage) };
}

function surroundings(): string {
  const load = loadavg().map((average) => average.toFixed(0));
  return `${cpus().length} cores, Node ${process.version}, load average at the end ${load.join(', ')}`;
}

function save(text: string): void {
  const directory = new URL('./results/', import.meta.url);
  mkdirSync(directory, { recursive: true });
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(`plan-${day}.md`, directory), `# Planning benchmark, ${day}\n\n${text}`);
}
