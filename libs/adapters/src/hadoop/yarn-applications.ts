import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '@hiveferry/core';
import type { CommandLimits, CommandResult, HadoopCommand } from './hadoop-command.ts';
import { lastLine } from './hadoop-command.ts';

/**
 * Applications of one step or attempt on YARN, found by the tag that their DistCp carries: whoever submitted them, from whichever host.
 * The classes are those behind `mapred job` and `yarn application`, so that Hadoop's launcher is the only command that is needed.
 */
interface YarnApplications {
  /** Ids of the tag's applications that have not ended; none where MapReduce runs in the client itself. Fault YARN_NOT_ASKED. */
  running(tag: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Waits until the application has ended, and returns early when the signal is given. Fault YARN_NOT_ASKED. */
  waitFor(application: string, signal?: AbortSignal): Promise<void>;
  /** Ends the application and waits until YARN says that it has, or the signal is given. Fault YARN_APPLICATION_NOT_ENDED. */
  end(application: string, signal?: AbortSignal): Promise<void>;
}

export interface YarnPatience {
  /** Between two looks at an application. @default 5000 */
  readonly lookEveryMs?: number;
  /** For an application that was killed to be gone. @default 60000 */
  readonly endWithinMs?: number;
}

const JOB_CLIENT = 'org.apache.hadoop.mapred.JobClient';
const APPLICATION_CLI = ['org.apache.hadoop.yarn.client.cli.ApplicationCLI', 'application'];
const UNENDED = 'NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING';
/** YARN forgets what ended long ago, or before its ResourceManager was set up anew. */
const FORGOTTEN = 'FORGOTTEN';
const FINAL: readonly string[] = ['FINISHED', 'FAILED', 'KILLED', FORGOTTEN];
const TIMEOUT_MS = 120_000;

export function createYarnApplications(hadoop: HadoopCommand, patience: YarnPatience = {}): YarnApplications {
  const { lookEveryMs = 5_000, endWithinMs = 60_000 } = patience;
  const waitFor: YarnApplications['waitFor'] = async (application, signal) => {
    while (signal?.aborted !== true && !FINAL.includes(await stateOf(hadoop, application))) {
      await sleep(lookEveryMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
  };
  return {
    async running(tag, signal) {
      if (!(await hasJobs(hadoop, signal))) return [];
      const listed = await ask(hadoop, [...APPLICATION_CLI, '-list', '-appTags', tag, '-appStates', UNENDED], signal);
      return [...listed.stdout.matchAll(/^\s*(application_\d+_\d+)\s/gm)].map(([, id = '']) => id);
    },
    waitFor,
    async end(application, signal) {
      if (FINAL.includes(await stateOf(hadoop, application))) return;
      const killed = await hadoop.run([...APPLICATION_CLI, '-kill', application], { timeoutMs: TIMEOUT_MS });
      const patient = AbortSignal.timeout(endWithinMs);
      await waitFor(application, signal === undefined ? patient : AbortSignal.any([patient, signal]));
      const state = await stateOf(hadoop, application);
      if (!FINAL.includes(state)) throw notEnded(hadoop, application, { state, killed });
    },
  };
}

/** `mapred job -list` goes where DistCp goes: where that is the client itself, there is nobody to ask, and Hadoop 3 fails over the missing list. */
async function hasJobs(hadoop: HadoopCommand, signal?: AbortSignal): Promise<boolean> {
  const result = await hadoop.run([JOB_CLIENT, '-list'], limitsOf(signal));
  if (/NullPointerException[^]*\bCLI\.listJobs\b/.test(result.stderr)) return false;
  if (result.exitCode !== 0) throw notAsked(hadoop, [JOB_CLIENT, '-list'], result);
  return /^\s*job_\d+_\d+\s/m.test(result.stdout);
}

async function stateOf(hadoop: HadoopCommand, application: string): Promise<string> {
  const argv = [...APPLICATION_CLI, '-status', application];
  const { stdout, stderr, exitCode } = await hadoop.run(argv, limitsOf(undefined));
  if (exitCode !== 0 && `${stdout}${stderr}`.includes(`'${application}' doesn't exist in RM`)) return FORGOTTEN;
  if (exitCode !== 0) throw notAsked(hadoop, argv, { stdout, stderr, exitCode });
  return /^\s*State : (\w+)/m.exec(stdout)?.[1] ?? 'unknown';
}

async function ask(hadoop: HadoopCommand, argv: readonly string[], signal?: AbortSignal): Promise<CommandResult> {
  const result = await hadoop.run(argv, limitsOf(signal));
  if (result.exitCode !== 0) throw notAsked(hadoop, argv, result);
  return result;
}

function limitsOf(signal: AbortSignal | undefined): CommandLimits {
  return { timeoutMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
}

function notAsked({ command }: HadoopCommand, argv: readonly string[], { exitCode, stderr }: CommandResult): MigrationError {
  const message = `${command} ${argv.join(' ')} ended with exit code ${String(exitCode)}: ${lastLine(stderr)}. Whether a job of an earlier attempt runs cannot be known. Check that the ResourceManager answers.`;
  return new MigrationError('YARN_NOT_ASKED', message, { category: 'environment', retry: 'later', subject: command });
}

function notEnded(
  { command }: HadoopCommand,
  application: string,
  { state, killed }: { readonly state: string; readonly killed: CommandResult },
): MigrationError {
  const said = killed.exitCode === 0 ? '' : ` The kill ended with exit code ${String(killed.exitCode)}: ${lastLine(killed.stderr)}.`;
  const message = `${application} was to be ended, but YARN says that it is ${state}.${said} End it by \`yarn application -kill\`; the step goes on when it is gone.`;
  return new MigrationError('YARN_APPLICATION_NOT_ENDED', message, { category: 'environment', retry: 'later', subject: command });
}
