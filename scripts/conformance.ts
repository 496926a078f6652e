/**
 * `npm run test:conformance`: plans every recorded case of the peer with `./ferry hms-mirror` and compares by effect.
 * The corpus is not part of the project: HIVEFERRY_CONFORMANCE names its folder, else `../shared/conformance` is tried.
 * Prints both percentages without waivers, the waivers beside them, and every other difference.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const WANTED = { facets: 95, cases: 85 };

const Waivers = z.array(
  z.object({
    case: z.string(),
    facet: z.string(),
    subject: z.string().optional(),
    reason: z.string(),
    reference: z.string(),
  }),
);
const Report = z.record(z.string(), z.object({ same: z.boolean(), differs: z.array(z.tuple([z.string(), z.string()])) }));

type Waiver = z.infer<typeof Waivers>[number];

/** One facet of one case that differs. */
interface Difference {
  readonly case: string;
  readonly facet: string;
  readonly subject: string;
}

const root = resolve(import.meta.dirname, '..');

process.exitCode = main();

function main(): number {
  const folder = process.env['HIVEFERRY_CONFORMANCE'] ?? join(root, '..', 'shared', 'conformance');
  const compare = join(folder, 'compare.py');
  if (!existsSync(compare)) {
    console.error(
      `There is no conformance corpus in ${folder}. Set HIVEFERRY_CONFORMANCE to the folder that holds compare.py and corpus/.`,
    );
    return 2;
  }
  const { summary, differences } = runCompare(compare, join(folder, 'corpus'));
  const waivers = Waivers.parse(parse(readFileSync(join(root, 'test', 'conformance', 'waivers.yaml'), 'utf8')));
  const open = differences.filter((difference) => !waivers.some((waiver) => covers(waiver, difference)));
  const stale = waivers.filter((waiver) => !differences.some((difference) => covers(waiver, difference)));
  print(summary, { differences, waivers, open, stale });
  const figures = figuresOf(summary);
  const isEnough = figures.facets >= WANTED.facets && figures.cases >= WANTED.cases;
  if (!isEnough) console.error(`Wanted: ${WANTED.facets} % of facets and ${WANTED.cases} % of whole cases, without waivers.`);
  return isEnough && stale.length === 0 ? 0 : 1;
}

interface Compared {
  readonly summary: string;
  readonly differences: readonly Difference[];
}

function runCompare(compare: string, corpus: string): Compared {
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-conformance-'));
  const json = join(folder, 'report.json');
  const planner = `'${join(root, 'ferry')}' hms-mirror`;
  const run = spawnSync('python3', [compare, corpus, '--planner', planner, '--keep', join(folder, 'out'), '--json', json], {
    encoding: 'utf8',
  });
  if (!existsSync(json)) throw new Error(`compare.py did not finish (it needs python3 with PyYAML): ${run.stderr}`);
  const report = Report.parse(JSON.parse(readFileSync(json, 'utf8')));
  rmSync(folder, { recursive: true, force: true });
  const differences = Object.entries(report).flatMap(([id, { differs }]) =>
    differs.map(([facet, subject]) => ({ case: id, facet, subject })),
  );
  return { summary: run.stdout.trim(), differences };
}

function covers(waiver: Waiver, difference: Difference): boolean {
  if (waiver.case !== difference.case || waiver.facet !== difference.facet) return false;
  return waiver.subject === undefined || waiver.subject === difference.subject;
}

function figuresOf(summary: string): { readonly facets: number; readonly cases: number } {
  const found = /facets \d+\/\d+ = ([\d.]+)%, whole cases \d+\/\d+ = ([\d.]+)%/.exec(summary);
  if (found === null) throw new Error(`compare.py printed no percentages: ${summary}`);
  return { facets: Number(found[1]), cases: Number(found[2]) };
}

interface Judged {
  readonly differences: readonly Difference[];
  readonly waivers: readonly Waiver[];
  readonly open: readonly Difference[];
  readonly stale: readonly Waiver[];
}

function print(summary: string, { differences, waivers, open, stale }: Judged): void {
  const lines = summary.split('\n').filter((line) => !line.startsWith('outputs in '));
  console.log(lines.slice(0, -1).join('\n'));
  console.log(`\nWithout waivers: ${lines.at(-1) ?? ''}\n`);
  console.log(`${differences.length - open.length} of the ${differences.length} differences are waived:`);
  for (const { case: id, facet, subject, reason, reference } of waivers) {
    console.log(`  ${id} ${facet}${subject === undefined ? '' : ` ${subject}`}\n    ${reason} (${reference})`);
  }
  if (open.length > 0) console.log(`\nOther differences:`);
  for (const { case: id, facet, subject } of open) console.log(`  ${id} ${facet} ${subject}`);
  for (const { case: id, facet } of stale) console.error(`The waiver of ${id} ${facet} is not needed any more: take it out.`);
}
