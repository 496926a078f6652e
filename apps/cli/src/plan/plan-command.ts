import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { MigrationRequest, migrationSpecOf, specOnTarget } from '@hiveferry/contracts';
import { artefactsOf, describeIssue, displayName } from '@hiveferry/core';
import type { TablePlan } from '@hiveferry/core';
import type { MigrationSpec } from '@hiveferry/ports';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { refuseWhatCannotBePlanned } from '../../../api/src/migrations/refuse-request.ts';
import { planSettingsOf, tableSelector } from '../../../planner/src/plan-settings.ts';
import { refused } from '../snapshot/place.ts';
import type { Terminal } from '../terminal.ts';
import { openOffline } from './offline-cluster.ts';
import type { OfflineCluster } from './offline-cluster.ts';
import { planSnapshots } from './plan-snapshots.ts';
import type { OfflinePlan } from './plan-snapshots.ts';

const HELP = `ferry plan: the plan and the files of a dry run, without a server.

  ferry plan -f REQUEST --source DATA [--target DATA] --out DIR [--json]

  -f, --file REQUEST      what POST /v1/migrations takes, in YAML or JSON, with one target
  --source DATA           what the source holds: a snapshot of ferry snapshot, or a data set of hms-mirror (.yaml)
  --target DATA           what stands on the target already; without it nothing does
  --source-cluster FILE   the cluster as POST /v1/clusters takes it; needed when the snapshot was not taken with --cluster
  --target-cluster FILE   the same for the target; needed without --target
  --out DIR               the files of each database, plan.json and effective-request.yaml are written there
  --json                  the plan as JSON on standard output, one line: hash, databases, tables

The same facts and the same request give the same plan hash as the service.
Exit codes: 0 planned, 2 refused, 3 planned, but some tables are refused.`;

const OPTIONS = {
  file: { type: 'string', short: 'f' },
  source: { type: 'string' },
  target: { type: 'string' },
  'source-cluster': { type: 'string' },
  'target-cluster': { type: 'string' },
  out: { type: 'string', short: 'o' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `ferry plan`. */
export async function planCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = optionsOf(argv);
  if (options.help === true) {
    terminal.out(HELP);
    return EXIT_CODES.done;
  }
  const { file, source: data, out } = options;
  if (file === undefined || data === undefined || out === undefined)
    throw refused('ferry plan', 'ferry plan: expected -f REQUEST, --source DATA and --out DIR; --help says more');
  const spec = requestIn(file);
  const source = await openOffline({ side: 'source', data, cluster: options['source-cluster'] });
  const target = await openOffline({ side: 'target', data: options.target, cluster: options['target-cluster'] });
  ensureMeant(spec, source, target);
  const plan = await planSnapshots({
    clusters: { source: source.facts, target: target.facts },
    settings: planSettingsOf(spec),
    databases: spec.selection.databases,
    isSelected: tableSelector(spec.selection),
    source: source.entries,
    target: target.entries,
  });
  writeFiles(out, { plan, spec, target });
  const tables = plan.databases.flatMap((database) => database.tables);
  for (const line of options.json === true ? [JSON.stringify(plan)] : summaryOf(plan, tables, out)) terminal.out(line);
  return tables.some(({ decision }) => decision === 'REFUSED') ? EXIT_CODES.plannedWithRefusals : EXIT_CODES.done;
}

function optionsOf(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (cause) {
    throw refused('ferry plan', `ferry plan: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The request as it holds for its target. */
function requestIn(file: string): MigrationSpec {
  const parsed = MigrationRequest.safeParse(contentOf(file));
  if (!parsed.success) throw refused(file, `${file} is no request as POST /v1/migrations takes it:\n${z.prettifyError(parsed.error)}`);
  const spec = migrationSpecOf(parsed.data);
  const [only] = spec.targets;
  if (only === undefined || spec.targets.length > 1)
    throw refused('targets', `${file}: expected one target, found ${spec.targets.join(', ')}: plan each by a request of its own`);
  refuseWhatCannotBePlanned(parsed.data, spec);
  return specOnTarget(spec, only);
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused(file, `${file}: expected a request in YAML or JSON, found: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** A plan made with the facts of another cluster would look right and be wrong. */
function ensureMeant({ source: from, targets: [to = ''] }: MigrationSpec, source: OfflineCluster, target: OfflineCluster): void {
  if (from !== source.facts.name) throw refused('source', `The request names source ${from}; the files are of ${source.facts.name}.`);
  if (to !== target.facts.name) throw refused('targets', `The request names target ${to}; the files are of ${target.facts.name}.`);
}

interface Written {
  readonly plan: OfflinePlan;
  readonly spec: MigrationSpec;
  readonly target: OfflineCluster;
}

function writeFiles(out: string, { plan, spec, target: { facts } }: Written): void {
  try {
    mkdirSync(out, { recursive: true });
    for (const { plan: database, tables } of plan.databases) {
      const blockSize = facts.blockSizeBytes === undefined ? {} : { targetBlockSizeBytes: facts.blockSizeBytes };
      const artefacts = artefactsOf({ database, tables, settings: { distcp: spec.distcp }, ...blockSize });
      for (const { path, content } of artefacts) writeFileSync(join(out, path), content);
    }
    writeFileSync(join(out, 'plan.json'), `${JSON.stringify(plan, undefined, 2)}\n`);
    writeFileSync(join(out, 'effective-request.yaml'), stringify(spec, { lineWidth: 0 }));
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw refused(out, `ferry plan: ${cause.message}`);
    throw cause;
  }
}

function summaryOf({ planHash, databases }: OfflinePlan, tables: readonly TablePlan[], out: string): readonly string[] {
  const refusals = tables.filter(({ decision }) => decision === 'REFUSED');
  return [
    ...refusals.map(refusalLine),
    ...databases.map(({ plan, tables: own }) => `${plan.source}: ${countsOf(own)}`),
    `plan ${planHash}`,
    `Written to ${out}; read the *_hms-mirror.md files first.`,
  ];
}

function refusalLine({ source, issues }: TablePlan): string {
  const reasons = issues.filter(({ severity }) => severity === 'refusal').map((found) => describeIssue(found).text);
  return `${displayName(source)} is refused: ${reasons.join(' ')}`;
}

function countsOf(tables: readonly TablePlan[]): string {
  const counts = Map.groupBy(tables, ({ decision }) => decision);
  return counts.size === 0
    ? 'no tables'
    : [...counts]
        .map(([decision, own]) => `${own.length} ${decision}`)
        .sort()
        .join(', ');
}
