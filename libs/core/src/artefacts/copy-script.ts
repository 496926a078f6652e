import { COPYING } from './library/copying.ts';
import { DISTCP_OPTS } from './library/distcp-opts.ts';
import { ENVIRONMENT } from './library/environment.ts';
import { LISTINGS } from './library/listings.ts';
import { MAIN } from './library/main.ts';
import { RECOVERY } from './library/recovery.ts';
import { STATUS } from './library/status.ts';
import { USAGE } from './library/usage.ts';
import { VALIDATION } from './library/validation.ts';
import { WORDS } from './library/words.ts';
import { jobCommands } from './scripted-job.ts';
import type { ScriptedJob } from './scripted-job.ts';
import { printShell, shellText } from './shell.ts';
import type { ShellNode } from './shell.ts';

/** What a script of copies is made of. */
export interface CopyScript {
  /** Beginning of the names of its files. */
  readonly stem: string;
  readonly database: string;
  readonly target: string;
  /** Where it is to be run, in a sentence. */
  readonly place: string;
  readonly jobs: readonly ScriptedJob[];
  /** Lanes of each wave, each the numbers of its jobs, counted from 1. @default one after another */
  readonly waves?: readonly (readonly (readonly number[])[])[];
}

/** A POSIX shell script that runs the same DistCp commands as the executors, checks what arrived, and goes on where it stopped. In pieces. */
export function copyScript(script: CopyScript): Generator<string> {
  return printShell(nodesOf(script));
}

function* nodesOf(script: CopyScript): Generator<ShellNode> {
  yield { kind: 'library', text: '#!/bin/sh' };
  yield* heading(script);
  yield { kind: 'library', text: `\n${SETTINGS}` };
  yield { kind: 'library', text: '\n# ---- The jobs: what is copied where, and the commands. ----\n' };
  for (const [index, job] of script.jobs.entries()) yield { kind: 'function', name: `job_${index + 1}`, body: jobCommands(job) };
  yield { kind: 'comment', text: 'The lanes of a wave run side by side.' };
  yield { kind: 'function', name: 'waves', body: wavesOf(script) };
  for (const text of LIBRARY) yield { kind: 'library', text: `${text}\n` };
  yield { kind: 'library', text: 'main "$@"' };
}

function heading({ stem, database, target, place, jobs }: CopyScript): readonly ShellNode[] {
  return [
    { kind: 'comment', text: `Copies the files of database ${database} to ${target}, checks what arrived, and goes on where it stopped.` },
    { kind: 'comment', text: place },
    { kind: 'comment', text: `sh ${stem}_distcp_script.sh --help says how; --dry-run shows the commands.` },
    // Programs of awk are in single quotes; LIST is for scripts with lists; jobs are called by their numbers.
    { kind: 'comment', text: 'shellcheck disable=SC2016,SC2034,SC2317' },
    { kind: 'library', text: 'set -u' },
    { kind: 'assignment', name: 'DATABASE', value: database },
    { kind: 'assignment', name: 'STEM', value: stem },
    { kind: 'assignment', name: 'JOBS', value: String(jobs.length) },
  ];
}

function wavesOf({ jobs, waves = [[jobs.map((_, index) => index + 1)]] }: CopyScript): readonly (readonly string[])[] {
  return waves.map((lanes) => ['wave', ...lanes.map((lane) => lane.join(' '))]);
}

const SETTINGS = shellText`NAME="$\{STEM}_distcp_script.sh"
HADOOP="$\{HADOOP:-hadoop}"
HCFS_BASE_DIR="$\{HCFS_BASE_DIR:-hiveferry}"
DISTCP_OPTS="$\{DISTCP_OPTS:-}"
STATE_DIR="$\{STATE_DIR:-$(dirname "$0")/$\{STEM}_distcp_state}"
KINIT_PRINCIPAL="$\{KINIT_PRINCIPAL:-}"
KINIT_KEYTAB="$\{KINIT_KEYTAB:-}"`;

const LIBRARY = [
  '# ---- The same for every database from here on. ----',
  USAGE,
  DISTCP_OPTS,
  ENVIRONMENT,
  STATUS,
  WORDS,
  COPYING,
  VALIDATION,
  LISTINGS,
  RECOVERY,
  MAIN,
] as const;
