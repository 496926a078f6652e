import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A child process that outlives its parent: run by `/bin/sh` in a process group of its own, its output in a file, its exit code in
 * another one. So a service that starts again finds out what became of the child of the one before.
 */
export interface ChildCommand {
  readonly command: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `distcp.log`, `argv.json` and `exit.json` go; made anew. */
  readonly directory: string;
}

export interface ChildEnd {
  readonly exitCode: number;
  readonly directory: string;
  readonly startedAt: string;
}

/** What the lock file says: whose child is alive, or was when the machine went down. */
export interface ChildLock {
  readonly pid: number;
  /** `starttime` of /proc/PID/stat; tells a process from a later one with the same id. Empty where there is no /proc. */
  readonly startTicks: string;
  readonly directory: string;
  readonly startedAt: string;
}

export const LOG_FILE = 'distcp.log';
const EXIT_FILE = 'exit.json';
const LOCK_FILE = 'lock.json';
const POLL_MS = 100;

/**
 * No text of a user is in it: file names and the command come as arguments. The trap lets the shell outlive a SIGTERM to its group.
 * It begins when it is told to, after its lock is written: a service that dies in between leaves nothing that runs unknown to the next.
 */
const SUPERVISOR = `
read -r go && [ "$go" = go ] || exit 0
exit_file=$1; log_file=$2; shift 2
trap : TERM INT HUP
"$@" </dev/null >"$log_file" 2>&1
code=$?
printf '{"exitCode":%d,"endedAt":"%s"}\\n' "$code" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$exit_file.part" && mv "$exit_file.part" "$exit_file"
`;

/** Starts a child and writes its lock below `stepDirectory`. The caller sees to it that none is alive there. */
export async function startChild(stepDirectory: string, child: ChildCommand): Promise<ChildLock> {
  const { directory } = child;
  await writeFile(join(directory, 'argv.json'), `${JSON.stringify({ command: child.command, argv: child.argv }, undefined, 2)}\n`);
  const startedAt = new Date().toISOString();
  const files = [join(directory, EXIT_FILE), join(directory, LOG_FILE)];
  const started = spawn('/bin/sh', ['-c', SUPERVISOR, 'hiveferry-distcp', ...files, child.command, ...child.argv], {
    env: child.environment,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: directory,
  });
  const { stdin } = started;
  // One that is gone cannot be told: its lock and the missing exit code say so.
  stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    started.once('spawn', resolve).once('error', reject);
  });
  started.unref();
  const pid = started.pid ?? 0;
  const lock: ChildLock = { pid, startTicks: (await startTicksOf(pid)) ?? '', directory, startedAt };
  try {
    await writeFile(join(stepDirectory, `${LOCK_FILE}.part`), `${JSON.stringify(lock)}\n`);
    await rename(join(stepDirectory, `${LOCK_FILE}.part`), join(stepDirectory, LOCK_FILE));
    stdin.end('go\n');
  } catch (error) {
    stdin.end();
    throw error;
  }
  return lock;
}

export async function readLock(stepDirectory: string): Promise<ChildLock | undefined> {
  const lock = await readJson(join(stepDirectory, LOCK_FILE));
  return isLock(lock) ? lock : undefined;
}

export async function removeLock(stepDirectory: string): Promise<void> {
  await rm(join(stepDirectory, LOCK_FILE), { force: true });
}

export async function isAlive(lock: ChildLock): Promise<boolean> {
  if (lock.startTicks !== '') return (await startTicksOf(lock.pid)) === lock.startTicks;
  return canSignal(lock.pid);
}

/** The exit that the supervisor wrote; undefined when it was killed itself, or is not yet there. */
export async function exitOf(lock: ChildLock): Promise<ChildEnd | undefined> {
  const exit = await readJson(join(lock.directory, EXIT_FILE));
  if (typeof exit !== 'object' || exit === null || !('exitCode' in exit) || typeof exit.exitCode !== 'number') return undefined;
  return { exitCode: exit.exitCode, directory: lock.directory, startedAt: lock.startedAt };
}

export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onOutput: (text: string) => void;
}

/** Waits for the end. @returns undefined when the child is gone and left no exit code, or when the signal was given */
export async function waitForEnd(lock: ChildLock, watch: Watch): Promise<ChildEnd | undefined> {
  const log = { offset: 0 };
  while (watch.signal?.aborted !== true) {
    const isRunning = await isAlive(lock);
    await readOn(join(lock.directory, LOG_FILE), log, watch.onOutput);
    const end = await exitOf(lock);
    if (end !== undefined || !isRunning) return end;
    await sleep(POLL_MS, undefined, watch.signal === undefined ? {} : { signal: watch.signal }).catch(() => undefined);
  }
  return undefined;
}

/** Ends the child's whole group: SIGTERM, then SIGKILL after the grace. */
export async function endChild(lock: ChildLock, graceMs: number): Promise<void> {
  if (!(await isAlive(lock))) return;
  signalGroup(lock.pid, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (Date.now() < until) {
    await sleep(50);
    if (!(await isAlive(lock))) return;
  }
  signalGroup(lock.pid, 'SIGKILL');
  while (await isAlive(lock)) await sleep(20);
}

export async function makeEmptyDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
}

async function readOn(file: string, log: { offset: number }, onOutput: (text: string) => void): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= log.offset) return;
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(Math.min(size - log.offset, 1 << 20));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
    log.offset = size;
    onOutput(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Field 22; the name in field 2 may hold spaces and brackets. @returns undefined for no process, and for one that ended and waits to be reaped */
async function startTicksOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in between.
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isLock(value: unknown): value is ChildLock {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'startTicks' in value &&
    typeof value.startTicks === 'string' &&
    'directory' in value &&
    typeof value.directory === 'string' &&
    'startedAt' in value &&
    typeof value.startedAt === 'string'
  );
}
