import { distcpArguments } from '../distcp/arguments.ts';
import { filterLines } from '../distcp/filters.ts';
import type { PairCopyJob, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { ArtefactInput } from './artefact.ts';
import { runsWhere } from './runs-where.ts';
import { commentText, shellCommand } from './shell.ts';
import type { ShellWord } from './shell.ts';

/** The beginning of every script of copies: options, and `run` for the commands. */
export const SCRIPT_HEAD = `set -eu

usage() {
  printf '%s\\n' "usage: $0 [--dry-run] [--help]" \\
    '  copies the directories of this database one by one and stops at the first failure; run again it goes on where it stopped' \\
    '  --dry-run   prints the commands only' \\
    '  HADOOP      environment: the hadoop command, default: hadoop'
}

DRY_RUN=no
for argument in "$@"; do
  case "$argument" in
    --dry-run) DRY_RUN=yes ;;
    --help|-h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

HADOOP="\${HADOOP:-hadoop}"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

run() {
  if [ "$DRY_RUN" = yes ]; then
    for word in "$@"; do printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\\\\\''/g")"; done
    printf '\\n'
  else
    "$@"
  fi
}`;

/** A POSIX shell script that runs the same DistCp commands as the executors, table by table. */
export function distcpScript(input: ArtefactInput): string {
  const jobs = input.tables.flatMap((plan) => plan.copyJobs.filter((job) => job.kind === 'pair').map((job) => jobText(plan, job, input)));
  const title = `# Copies the files of database ${commentText(input.database.source)} to ${commentText(input.database.target)}.`;
  const place = commentText(`# ${runsWhere(input)}`);
  return `${['#!/bin/sh', `${title}\n${place}`, SCRIPT_HEAD, ...jobs, "printf '%s\\n' 'done'"].join('\n\n').replace('#!/bin/sh\n\n', '#!/bin/sh\n')}\n`;
}

function jobText(plan: TablePlan, job: PairCopyJob, { settings, targetBlockSizeBytes }: ArtefactInput): string {
  const filters = { variable: 'WORK', suffix: '/filters' };
  const { flow: _flow, ...limits } = settings.distcp;
  const argv = distcpArguments(job, {
    stepId: `${displayName(plan.source)}-${job.id}`.replaceAll(/[^A-Za-z0-9_.-]/g, '_'),
    attempt: 1,
    filtersFile: FILTERS,
    ...limits,
    ...(targetBlockSizeBytes === undefined ? {} : { blockSizeBytes: targetBlockSizeBytes }),
  });
  const hadoop: ShellWord = { variable: 'HADOOP', suffix: '' };
  return [
    `# ${commentText(displayName(plan.source))} ${job.id}`,
    `printf '%s\\n' ${shellCommand([`${displayName(plan.source)} ${job.id}`])}`,
    `printf '%s\\n' ${shellCommand(filterLines(job))} > ${shellCommand([filters])}`,
    // DistCp makes no target for an empty source.
    `run ${shellCommand([hadoop, 'fs', '-mkdir', '-p', job.target])}`,
    `run ${shellCommand([hadoop, 'distcp', ...argv.map((word): ShellWord => (word === FILTERS ? filters : word))])}`,
  ].join('\n');
}

/** Stands for the filter file until the script's own path takes its place; no argument can be equal to it. */
const FILTERS = '\u0000filters';
