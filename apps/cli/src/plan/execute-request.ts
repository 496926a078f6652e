import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ClusterSpec } from '@hiveferry/contracts';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { planHashesOf } from '../execute/begin-runs.ts';
import type { Service } from '../execute/embedded-service.ts';
import { executeRequests } from '../execute/execute-requests.ts';
import type { RunOutcome } from '../execute/outcome.ts';
import { planFilesOf } from '../execute/plan-archive.ts';
import type { PlannedRun } from '../execute/plan-requests.ts';
import { fingerprintOf, openStateFolder } from '../execute/state-folder.ts';
import type { Approved } from '../execute/state-folder.ts';
import { refused } from '../snapshot/place.ts';
import type { Terminal } from '../terminal.ts';
import { planRequestIn } from './plan-request.ts';
import { otherPlans, wantedHashesIn } from './wanted-hashes.ts';
import type { WantedHashes } from './wanted-hashes.ts';

/** Options of `ferry plan` as they were given. */
type GivenOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const TAKEN = new Set(['file', 'source-cluster', 'target-cluster', 'out', 'execute', 'plan-hash']);

/** `ferry plan -e`: the request planned by the service from the clusters as they are, executed, proved. */
export async function executeRequest(options: GivenOptions, terminal: Terminal): Promise<ExitCode> {
  const asked = askedIn(options);
  const { request, spec } = planRequestIn(asked.file);
  const clusters = asked.clusterFiles.map(clusterIn);
  ensureAllNamed([spec.source, ...spec.targets], clusters);
  const state = openStateFolder(asked.out);
  const fingerprint = fingerprintOf({ request, clusters });
  const approved = state.approved();
  const goesOn = spec.onExisting !== 'sync' && approved?.fingerprint === fingerprint;
  const problems = goesOn ? leftProblems(approved, asked.hashes) : [];
  for (const problem of problems) terminal.err(problem);
  // Not even started: the service would go on with it at once.
  if (problems.length > 0) return EXIT_CODES.refused;
  if (goesOn) terminal.err('Going on with what an earlier command has planned and not finished; its plan is in the same folder.');
  return await executeRequests(
    {
      clusters,
      secrets: {},
      state,
      fingerprint,
      requests: goesOn ? [] : [{ name: request.name ?? 'request', body: request }],
      review: async (plans, service) => {
        await writePlans(asked.out, plans, service);
        return plans.flatMap((plan) => hashProblems(plan, asked.hashes));
      },
      report: async (outcomes, service) => await writeOutcomes(asked.out, outcomes, service),
    },
    terminal,
  );
}

interface Asked {
  readonly file: string;
  readonly out: string;
  readonly clusterFiles: readonly string[];
  readonly hashes: WantedHashes;
}

function askedIn(options: GivenOptions): Asked {
  const foreign = Object.keys(options).filter((name) => !TAKEN.has(name));
  if (foreign.length > 0) {
    const names = foreign.map((name) => `--${name}`).join(', ');
    throw refused(
      'ferry plan',
      `ferry plan -e: ${names} is for plans of files; -e reads the clusters as they are now: leave it out, or plan without -e`,
    );
  }
  const { file, out, 'source-cluster': source, 'target-cluster': targets = [], 'plan-hash': hashes = [] } = options;
  if (typeof file !== 'string' || typeof out !== 'string' || typeof source !== 'string' || !Array.isArray(targets))
    throw refused(
      'ferry plan',
      'ferry plan -e: expected -f REQUEST, --source-cluster FILE, --target-cluster FILE (unless the source is the target) and --out DIR; --help says more',
    );
  return {
    file,
    out,
    clusterFiles: [source, ...targets.map(String)],
    hashes: wantedHashesIn(Array.isArray(hashes) ? hashes.map(String) : []),
  };
}

function clusterIn(file: string): ClusterSpec {
  const parsed = ClusterSpec.safeParse(contentOf(file));
  if (parsed.success) return parsed.data;
  throw refused(file, `${file} is no cluster as POST /v1/clusters takes it:\n${z.prettifyError(parsed.error)}`);
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused(file, `${file}: expected a cluster in YAML or JSON, found: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function ensureAllNamed(names: readonly string[], clusters: readonly ClusterSpec[]): void {
  const missing = names.filter((name) => !clusters.some((cluster) => cluster.name === name));
  if (missing.length === 0) return;
  const found = clusters.map(({ name }) => name).join(', ');
  throw refused(
    'clusters',
    `The request names ${missing.join(', ')}; the cluster files are of ${found}: give each by --source-cluster or --target-cluster.`,
  );
}

/** The plan that was reviewed, or none. */
function hashProblems({ run }: PlannedRun, hashes: WantedHashes): readonly string[] {
  return otherPlans(planHashesOf(run), hashes).map(
    ({ target, planHash, expected = `--plan-hash ${target}=HASH` }) =>
      `PLAN_HASH_MISMATCH: ${target}: expected ${expected}, the plan of now has ${planHash}; nothing was executed. Review it in the folder of --out.`,
  );
}

/** What goes on is what an earlier command has approved, not a plan of now. */
function leftProblems({ runs }: Approved, hashes: WantedHashes): readonly string[] {
  return runs.flatMap(({ planHashes = {} }) =>
    otherPlans(planHashes, hashes).map(
      ({ target, planHash, expected = `--plan-hash ${target}=HASH` }) =>
        `PLAN_HASH_MISMATCH: ${target}: expected ${expected}, an earlier command has begun with the plan ${planHash}, which this command would go on with. ` +
        'Say that hash, or plan into another folder (--out).',
    ),
  );
}

/** The files that the service makes of its plans. */
async function writePlans(out: string, plans: readonly PlannedRun[], service: Service): Promise<void> {
  for (const { runId } of plans) {
    for await (const { path, content } of planFilesOf(service, runId)) write(out, path, content);
  }
}

async function writeOutcomes(out: string, outcomes: readonly RunOutcome[], service: Service): Promise<void> {
  for (const { runId, tables } of outcomes) {
    write(out, 'report.html', await service.text(`/v1/runs/${runId}/report.html`));
    write(out, 'evidence.json', `${JSON.stringify(tables, undefined, 2)}\n`);
    for await (const { path, content } of planFilesOf(service, runId)) if (path.endsWith('run-status.yaml')) write(out, path, content);
  }
}

function write(out: string, path: string, content: string): void {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
