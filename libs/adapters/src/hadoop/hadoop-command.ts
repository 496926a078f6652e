import { spawn } from 'node:child_process';
import { MigrationError } from '@hiveferry/core';

export interface HadoopCommandOptions {
  /** Hadoop's launcher: a path, or a name found by PATH. */
  readonly command: string;
  /** Said as HADOOP_CONF_DIR. */
  readonly configurationDirectory?: string;
  /** Said as HADOOP_USER_NAME; with simple authentication Hadoop believes it. */
  readonly user?: string;
  /** Environment of the child, such as the service's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLimits {
  /** @default 600000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface HadoopCommand {
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Runs a program to its end; any exit code is a result. Faults: HADOOP_COMMAND_NOT_FOUND, HADOOP_COMMAND_TIMED_OUT. */
  run(argv: readonly string[], limits?: CommandLimits): Promise<CommandResult>;
  /** First line of `hadoop version`, e.g. `Hadoop 3.4.2`. Faults: HADOOP_COMMAND_NOT_FOUND, HADOOP_COMMAND_FAILED. */
  version(): Promise<string>;
}

export function createHadoopCommand(options: HadoopCommandOptions): HadoopCommand {
  const environment = environmentOf(options);
  const run: HadoopCommand['run'] = (argv, limits = {}) => runChild({ command: options.command, environment, argv }, limits);
  return {
    command: options.command,
    environment,
    run,
    async version() {
      const { exitCode, stdout, stderr } = await run(['version'], { timeoutMs: 60_000 });
      const line = stdout.split('\n')[0]?.trim() ?? '';
      if (exitCode === 0 && line !== '') return line;
      throw new MigrationError(
        'HADOOP_COMMAND_FAILED',
        `${options.command} version ended with exit code ${exitCode}: ${lastLine(stderr)}. Check JAVA_HOME and the installation.`,
        {
          category: 'environment',
          retry: 'operator',
          subject: options.command,
        },
      );
    },
  };
}

export function commandNotFound(command: string, cause: unknown, subject: string = command): MigrationError {
  return new MigrationError(
    'HADOOP_COMMAND_NOT_FOUND',
    `${command}: there is no such program that may be run. Install a Hadoop client, or correct \`hadoop.command\` in the cluster's registration.`,
    {
      category: 'environment',
      retry: 'operator',
      subject,
      cause,
    },
  );
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

function environmentOf(options: HadoopCommandOptions): Readonly<Record<string, string | undefined>> {
  return {
    ...options.environment,
    // Java decodes its arguments and encodes its output by the locale: in `C` every letter beyond ASCII becomes `?`.
    LC_ALL: 'C.UTF-8',
    ...(options.user === undefined ? {} : { HADOOP_USER_NAME: options.user }),
    ...(options.configurationDirectory === undefined ? {} : { HADOOP_CONF_DIR: options.configurationDirectory }),
  };
}

interface Call {
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
}

function runChild(call: Call, limits: CommandLimits): Promise<CommandResult> {
  const timeout = AbortSignal.timeout(limits.timeoutMs ?? 600_000);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([timeout, limits.signal]);
  return new Promise((resolve, reject) => {
    const child = spawn(call.command, call.argv, { env: call.environment, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: { readonly stdout: Buffer[]; readonly stderr: Buffer[] } = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk));
    child.on('error', (cause) =>
      reject(timeout.aborted ? timedOut(call) : limits.signal?.aborted === true ? cause : commandNotFound(call.command, cause)),
    );
    child.on('close', (code) =>
      resolve({
        exitCode: code ?? 143,
        stdout: Buffer.concat(output.stdout).toString('utf8'),
        stderr: Buffer.concat(output.stderr).toString('utf8'),
      }),
    );
  });
}

function timedOut(call: Call): MigrationError {
  const called = `${call.command} ${call.argv[0] ?? ''}`;
  return new MigrationError('HADOOP_COMMAND_TIMED_OUT', `${called} did not end in time and was stopped. Check that the cluster answers.`, {
    category: 'environment',
    retry: 'later',
    subject: call.command,
  });
}
