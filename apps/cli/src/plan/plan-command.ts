import { compareText, describeIssue, displayName } from '@hiveferry/core';
import type { TablePlan } from '@hiveferry/core';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { planSettingsOf, tableSelector } from '../../../planner/src/plan-settings.ts';
import { parseCommand } from '../command-options.ts';
import { refused } from '../snapshot/place.ts';
import type { Terminal } from '../terminal.ts';
import { CHOICE_HELP, choiceOf } from './choose-copies.ts';
import type { ChosenBy } from './choose-copies.ts';
import { openOffline } from './offline-cluster.ts';
import type { OfflineCluster } from './offline-cluster.ts';
import { exitCodeOf, writePlans } from './plan-files.ts';
import { planRequestIn } from './plan-request.ts';
import { planSnapshots } from './plan-snapshots.ts';
import { openTargets } from './plan-targets.ts';
import type { TargetPlan } from './target-plan.ts';

const HELP = `ferry plan: the plan and the files of a dry run, without a server; with -e, the plan executed.

  ferry plan -f REQUEST --source DATA [--target DATA] --out DIR [--json]

  -f, --file REQUEST      what POST /v1/migrations takes, in YAML or JSON
  --source DATA           what the source holds: a snapshot of ferry snapshot, or a data set of hms-mirror (.yaml)
  --target DATA           what stands on the target already; without it nothing does. Several targets: once for each; a file that
                          does not say whose it is as NAME=FILE
  --source-cluster FILE   the cluster as POST /v1/clusters takes it; needed when the snapshot was not taken with --cluster
  --target-cluster FILE   the same for the target; needed without --target. Several targets: once for each. Where the request names its
                          source as the target (STORAGE_MIGRATION), that is the source: neither is needed
  --out DIR               the files of each database, report.html, plan.json, effective-request.yaml and run-status.yaml are
                          written there; several targets: each has a folder of its name, and one report shows them all
${CHOICE_HELP}
  -e, --execute           plans the clusters as they are now, executes the plan by the service's own steps, and proves each table;
                          takes -f, --source-cluster, --target-cluster (once for each target), --out, and with
                          --plan-hash [TARGET=]HASH executes only the plan that was reviewed
  --json                  the plan as JSON on standard output, one line a target: target, hash, databases, tables

The same facts and the same request give the same plan hash as the service.
Exit codes: 0 planned (with -e: every table is VERIFIED), 1 with -e: a table is not, 2 refused, 3 planned or VERIFIED, but some
tables are refused, 4 not reachable, 130 interrupted.`;

const OPTIONS = {
  file: { type: 'string', short: 'f' },
  source: { type: 'string' },
  target: { type: 'string', multiple: true },
  'source-cluster': { type: 'string' },
  'target-cluster': { type: 'string', multiple: true },
  since: { type: 'string' },
  'modified-after': { type: 'string' },
  'failed-paths': { type: 'string' },
  'hdfs-snapshots': { type: 'string' },
  out: { type: 'string', short: 'o' },
  execute: { type: 'boolean', short: 'e' },
  json: { type: 'boolean' },
  'plan-hash': { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `ferry plan`. */
export async function planCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = parseCommand('ferry plan', { args: [...argv], options: OPTIONS }).values;
  if (options.help === true) {
    terminal.out(HELP);
    return EXIT_CODES.done;
  }
  const { file, source: data, out } = options;
  if (options.execute === true) {
    // Loaded only to execute: it brings the client of the service along.
    const { executeRequest } = await import('./execute-request.ts');
    return await executeRequest(options, terminal);
  }
  if (file === undefined || data === undefined || out === undefined)
    throw refused('ferry plan', 'ferry plan: expected -f REQUEST, --source DATA and --out DIR; --help says more');
  const { spec, onTarget } = planRequestIn(file);
  const source = await openOffline({ side: 'source', data, cluster: options['source-cluster'] });
  if (spec.source !== source.facts.name)
    throw refused('source', `The request names source ${spec.source}; the files are of ${source.facts.name}.`);
  const isOneCluster = spec.targets.every((name) => name === spec.source);
  const opened = isOneCluster
    ? [source]
    : await openTargets(spec.targets, { data: options.target ?? [], clusters: options['target-cluster'] ?? [] });
  const chosenBy = await choiceOf(options, source);
  const targets: TargetPlan[] = [];
  for (const target of opened) targets.push(await planOn({ spec: onTarget(target.facts.name), source, target, chosenBy }));
  writePlans(out, { source: spec.source, targets });
  for (const line of targets.flatMap(unmetOf)) terminal.err(line);
  const lines = options.json === true ? targets.map(jsonOf) : [...summaryOf(targets), `Written to ${out}; read report.html first.`];
  for (const line of lines) terminal.out(line);
  return exitCodeOf(targets);
}

interface Planned {
  readonly spec: TargetPlan['spec'];
  readonly source: OfflineCluster;
  readonly target: OfflineCluster;
  readonly chosenBy: ChosenBy | undefined;
}

async function planOn({ spec, source, target, chosenBy }: Planned): Promise<TargetPlan> {
  const plan = await planSnapshots({
    clusters: { source: source.facts, target: target.facts },
    settings: planSettingsOf(spec),
    databases: spec.selection.databases,
    isSelected: tableSelector(spec.selection),
    source: source.entries,
    target: target.entries,
  });
  return { plan, spec, facts: target.facts, ...(chosenBy === undefined ? {} : { chosenBy }) };
}

/** What was asked to be copied and is not. */
function unmetOf({ chosenBy, facts, plan }: TargetPlan): readonly string[] {
  const unmet = chosenBy?.unmet(plan.databases.flatMap(({ tables }) => tables)) ?? [];
  const [first] = unmet;
  if (first === undefined) return [];
  return [
    `${facts.name}: no copy of this plan holds ${unmet.length} of the paths that were named, first ${first}: select their tables as well, or copy them by hand.`,
  ];
}

const jsonOf = ({ facts, plan }: TargetPlan): string => JSON.stringify({ target: facts.name, ...plan });

/** Target by target; its name stands before each line where there are several. */
function summaryOf(targets: readonly TargetPlan[]): readonly string[] {
  return targets.flatMap((target) => {
    const prefix = targets.length > 1 ? `${target.facts.name}: ` : '';
    return linesOf(target).map((line) => `${prefix}${line}`);
  });
}

function linesOf({ plan: { planHash, databases } }: TargetPlan): readonly string[] {
  const refusals = databases.flatMap(({ tables }) => tables).filter(({ decision }) => decision === 'REFUSED');
  return [
    ...refusals.map(refusalLine),
    ...databases.map(({ plan, tables: own }) => `${plan.source}: ${countsOf(own)}`),
    `plan ${planHash}`,
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
        .sort(([a], [b]) => compareText(a, b))
        .map(([decision, own]) => `${own.length} ${decision}`)
        .join(', ');
}
