/**
 * `npm test`: every suite, on servers it starts itself. The lab starts while the small suites run, and is stopped at the end when it was down before;
 * `-- --keep` leaves it up.
 * Prints seconds a stage, then each failure once more by name and reason; the last line is
 * `N passed, N failed, N skipped`. A skip, and a number of tests below the committed floor (`test/floor.json`), count
 * as failures.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { labStatus } from '../lab/src/status.ts';
import { failuresOf, type Failure } from './support/failures.ts';

interface Stage {
  readonly name: 'unit' | 'medium' | 'e2e';
  readonly budgetSeconds: number;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

const KEEP = '--keep';
const STAGES: readonly Stage[] = [
  { name: 'unit', budgetSeconds: 120 },
  { name: 'medium', budgetSeconds: 240 },
  { name: 'e2e', budgetSeconds: 1500 },
];

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
});
const Floor = z.object({ tests: z.number() });
const root = join(import.meta.dirname, '..');

await main();

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const wanted = words.filter((word) => word !== KEEP);
  const stages = wanted.length === 0 ? STAGES : STAGES.filter((stage) => wanted.includes(stage.name));
  if (stages.length === 0) {
    console.error(`No such suite: ${wanted.join(' ')}. There are ${STAGES.map((stage) => stage.name).join(', ')}.`);
    process.exit(2);
  }
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-test-'));
  const usesLab = stages.some((stage) => stage.name === 'e2e');
  const isOurs = usesLab && !words.includes(KEEP) && labStatus().every(({ pid }) => pid === undefined);
  const lab = usesLab ? prepareLab() : Promise.resolve(true);
  const counts: Counts[] = [];
  for (const stage of stages) counts.push(await runStage(stage, folder, lab));
  if (isOurs) await run('lab down', ['lab/src/cli.ts', 'down']);
  rmSync(folder, { recursive: true, force: true });
  finish(sum(counts), stages.length === STAGES.length);
}

/** Starts the lab and loads its data beside the small suites; its own lines come out when it is done. */
async function prepareLab(): Promise<boolean> {
  const from = Date.now();
  const up = await run('lab', ['lab/src/cli.ts', 'up']);
  const loaded = up && (await run('lab', ['lab/src/cli.ts', 'data', 'tiny']));
  console.log(`--- lab ${loaded ? 'ready' : 'NOT READY'} after ${seconds(from)} s`);
  return loaded;
}

async function runStage(stage: Stage, folder: string, lab: Promise<boolean>): Promise<Counts> {
  if (stage.name === 'e2e' && !(await lab)) return nothingRan(`${stage.name}: the lab did not start`);
  const from = Date.now();
  console.log(`--- ${stage.name}`);
  const report = join(folder, `${stage.name}.json`);
  const clean = await run(stage.name, [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    stage.name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const counts = countsOf(report, clean);
  console.log(`--- ${stage.name}: ${seconds(from)} s of ${stage.budgetSeconds} s, ${describe(counts)}`);
  return counts;
}

/** A suite that fails outside its tests (a file that does not load, a set-up that throws) counts as one failure. */
function countsOf(reportFile: string, clean: boolean): Counts {
  try {
    const json: unknown = JSON.parse(readFileSync(reportFile, 'utf8'));
    const report = Report.parse(json);
    const failed = report.numFailedTests === 0 && !(clean && report.success) ? 1 : report.numFailedTests;
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests, failures: failuresOf(json) };
  } catch (error) {
    return nothingRan(`No report of the suite: ${String(error)}`);
  }
}

function nothingRan(why: string): Counts {
  return { passed: 0, failed: 1, skipped: 0, failures: [{ name: why, reason: '' }] };
}

function finish(counts: Counts, isWhole: boolean): void {
  const floor = Floor.parse(JSON.parse(readFileSync(join(root, 'test/floor.json'), 'utf8'))).tests;
  const isBelow = isWhole && counts.passed < floor;
  if (isBelow) console.error(`${counts.passed} tests passed; the committed floor is ${floor} (test/floor.json): tests went missing.`);
  for (const { name, reason } of counts.failures) console.error(`FAILED ${name}\n${reason}`);
  if (counts.skipped > 0) console.error(`${counts.skipped} tests were skipped: nothing may be skipped.`);
  const failed = counts.failed + (isBelow ? 1 : 0);
  console.log(describe({ ...counts, failed }));
  process.exitCode = failed > 0 || counts.skipped > 0 ? 1 : 0;
}

async function run(name: string, argv: readonly string[]): Promise<boolean> {
  return await new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning', ...argv], {
      cwd: root,
      stdio: 'inherit',
    });
    child.on('error', (error) => {
      console.error(`${name} did not start: ${error.message}`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

function sum(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  }));
}

function describe(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

function seconds(from: number): string {
  return ((Date.now() - from) / 1000).toFixed(0);
}
