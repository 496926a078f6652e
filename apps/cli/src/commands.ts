import { EXIT_CODES } from '../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../libs/contracts/src/exit-codes.ts';
import { nearest } from '../../../libs/contracts/src/nearest.ts';
import type { Terminal } from './terminal.ts';

interface Command {
  readonly arguments: string;
  readonly summary: string;
  /** Loaded when it is asked for, so that the others start at once. */
  readonly load: () => Promise<(argv: readonly string[], terminal: Terminal) => Promise<ExitCode> | ExitCode>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'hms-mirror': {
    arguments: '[options of hms-mirror]',
    summary: "plans with hms-mirror's configuration and options, and writes its scripts; with -e, executes and proves the plan",
    load: async () => (await import('./hms-mirror/run-hms-mirror.ts')).hmsMirrorCommand,
  },
  plan: {
    arguments: '-f REQUEST --source DATA [--target DATA] --out DIR [--json]',
    summary: 'makes the plan and the files of a dry run from snapshots or data sets; with -e, executes and proves it',
    load: async () => (await import('./plan/plan-command.ts')).planCommand,
  },
  snapshot: {
    arguments: '--cluster FILE | --thrift HOST:PORT | --jdbc URL  --out FILE',
    summary: 'writes what a live metastore holds to a file',
    load: async () => (await import('./snapshot/snapshot-command.ts')).snapshotCommand,
  },
  diff: {
    arguments: 'FROM TO [--json]',
    summary: 'says what differs between two snapshots, or a snapshot and a live metastore',
    load: async () => (await import('./snapshot/diff-command.ts')).diffCommand,
  },
  why: {
    arguments: 'DATABASE.TABLE [options of hms-mirror]',
    summary: 'says in words what the plan does with a table, and which rule decided it',
    load: async () => (await import('./hms-mirror/why.ts')).whyCommand,
  },
};

/** Runs `ferry`'s command line. */
export async function runCommand([name, ...argv]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(helpText());
    return name === undefined ? EXIT_CODES.refused : EXIT_CODES.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    terminal.err(`ferry ${name}: ${unknownCommand(name)}`);
    return EXIT_CODES.refused;
  }
  return await guarded(async () => (await command.load())(argv, terminal), terminal);
}

async function guarded(run: () => Promise<ExitCode>, terminal: Terminal): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    const { MigrationError } = await import('@hiveferry/core');
    if (isFileFault(error)) {
      terminal.err(`FILE_FAULT: ${error.message}`);
      return EXIT_CODES.refused;
    }
    if (!(error instanceof MigrationError) || error.category === 'defect') throw error;
    terminal.err(`${error.code}: ${error.message}`);
    return error.category === 'request' ? EXIT_CODES.refused : EXIT_CODES.unreachable;
  }
}

/** A file that cannot be read or written, and no better word for it. */
const isFileFault = (error: unknown): error is Error => error instanceof Error && 'syscall' in error && /^E[A-Z]+: /.test(error.message);

function unknownCommand(name: string): string {
  const near = nearest(name, Object.keys(COMMANDS));
  return near === undefined
    ? `no such command; there are ${Object.keys(COMMANDS).join(', ')}`
    : `no such command; did you mean ferry ${near}?`;
}

function helpText(): string {
  const lines = Object.entries(COMMANDS).map(([name, { arguments: words, summary }]) => `  ferry ${name} ${words}\n      ${summary}`);
  return [
    'ferry: plans moves of Hive tables on this machine, without a server, reads metastores for it, and executes plans with -e.',
    '',
    ...lines,
    '',
    'ferry COMMAND --help says more of a command.',
    `Exit codes: ${EXIT_CODES.done} done, ${EXIT_CODES.notVerified} two sides differ, or a table is not VERIFIED, ${EXIT_CODES.refused} refused,`,
    `${EXIT_CODES.plannedWithRefusals} done, but some tables are refused, ${EXIT_CODES.unreachable} not reachable, ${EXIT_CODES.interrupted} interrupted.`,
  ].join('\n');
}
