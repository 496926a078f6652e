import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { EXIT_CODES } from '@hiveferry/contracts';
import type { Configuration, NeededKey } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { configurationOrExit } from './configuration.ts';
import { stopOnSignals } from './shutdown.ts';

export interface RunningProcess {
  readonly url: string;
  close(): Promise<void>;
}

export interface ProcessDescription {
  /** As people call it, with a capital letter. */
  readonly name: string;
  readonly needs: readonly NeededKey[];
  readonly start: (configuration: Configuration) => Promise<RunningProcess>;
}

/** The life of one process of services mode. Prints one line for people when it serves; ends with 2 when its configuration is wrong. */
export async function runProcess({ name, needs, start }: ProcessDescription): Promise<void> {
  const configuration = configurationOrExit(needs);
  try {
    const running = await start(configuration);
    stopOnSignals(async () => {
      process.stdout.write(`${name} is stopping.\n`);
      await running.close();
    });
    process.stdout.write(`${name} runs (pid ${process.pid}, ${running.url})\n`);
  } catch (error) {
    endWithReason(name, error);
  }
}

export function endWithReason(name: string, error: unknown): never {
  process.stderr.write(`${name} did not start: ${reasonOf(error)}\n`);
  process.exit(error instanceof MigrationError && error.category !== 'defect' ? EXIT_CODES.refused : EXIT_CODES.unreachable);
}

/** Names a process in leases: of two that had the same pid on the same host, each has its own. */
export const ownerName = (role: string): string => `${role}-${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;

/** With its causes, as far as they say more: the last one often says what is wrong. Never a connection address, which holds a password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message === '' && 'code' in error ? String(error.code) : error.message;
  const text = message.replaceAll(/postgres(?:ql)?:\/\/\S+/g, 'the database');
  const cause = error.cause === undefined ? '' : reasonOf(error.cause);
  return text.includes(cause) ? text : `${text} (${cause})`;
}
