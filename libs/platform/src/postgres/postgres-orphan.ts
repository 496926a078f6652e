import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MigrationError } from '@hiveferry/core';

const ORPHAN_TIMEOUT_MS = 15_000;

/** Marks the folder as used by this process. Fault DATA_FOLDER_IN_USE when another service that lives uses it. @returns releases it */
export function claimFolder(home: string): () => void {
  const file = join(home, 'service.pid');
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner !== process.pid && isNode(owner)) {
    throw new MigrationError(
      'DATA_FOLDER_IN_USE',
      `${home} is used by another service, process ${owner}. Stop it, or set FERRY_DATA_DIR to another folder.`,
      {
        category: 'conflict',
        retry: 'operator',
        subject: home,
      },
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/**
 * A service that was killed leaves its Postgres behind. The folder is ours by now, so that one is stopped in order and started anew;
 * a `postmaster.pid` whose process is gone or is something else is removed.
 */
export async function stopOrphan(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pidText, directory] = readFileSync(file, 'utf8').split('\n');
  const pid = Number(pidText);
  if (!isPostgres(pid) || resolve(directory ?? '') !== resolve(data)) {
    rmSync(file, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + ORPHAN_TIMEOUT_MS;
  while (isPostgres(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await wait(50);
  }
}

const isPostgres = (pid: number): boolean => isAlive(pid) && /postgres/.test(commandOf(pid) ?? 'postgres');
const isNode = (pid: number): boolean => isAlive(pid) && /node|hiveferry/.test(commandOf(pid) ?? 'node');

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @returns undefined where there is no /proc */
function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return existsSync('/proc/self/cmdline') ? '' : undefined;
  }
}
