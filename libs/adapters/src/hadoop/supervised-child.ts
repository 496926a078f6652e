import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TimeLeft } from '@hiveferry/ports';
import { isAlive, markOf } from './process-groups.ts';
import type { ProcessMark } from './process-groups.ts';

/**
 * A child process that outlives its parent, but not its parent's claim: run by `/bin/sh` in a process group of its own, its output in a
 * file, its exit code in another one. So a service that starts again finds out what became of the child of the one before, and
 * a service elsewhere knows that there is none any more when the claim has run out.
 */
export interface ChildCommand {
  readonly command: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `distcp.log`, `argv.json`, `exit.json` and `time-left` go; made anew. */
  readonly directory: string;
  readonly timeLeft: () => TimeLeft;
}

export interface ChildEnd {
  readonly exitCode: number;
  readonly directory: string;
  readonly startedAt: string;
}

/** What the lock file says: whose child is alive, or was when the machine went down. */
export interface ChildLock extends ProcessMark {
  readonly directory: string;
  readonly startedAt: string;
}

export const LOG_FILE = 'distcp.log';
const EXIT_FILE = 'exit.json';
const LOCK_FILE = 'lock.json';
const LEFT_FILE = 'time-left';
const POLL_MS = 100;

/**
 * No text of a user is in it: file names and the command come as arguments. The trap lets the shell outlive a SIGTERM to its group.
 * It begins when it is told to, after its lock is written: a service that dies in between leaves nothing that runs unknown to the next.
 * Beside the command a watch ends the group at the times that its service writes down and moves on: also when that service is dead or
 * stopped, nothing of the group is left when another may take over.
 */
const SUPERVISOR = `
read -r go && [ "$go" = go ] || exit 0
exit_file=$1; log_file=$2; left_file=$3; shift 3
trap : TERM INT HUP
(
  trap '' TERM INT HUP
  told=no
  while read -r end_at kill_at <"$left_file"; do
    if [ -r /proc/uptime ]; then read -r now rest </proc/uptime; now=\${now%.*}\${now#*.}; else now=$(date +%s)00; fi
    [ "$now" -ge "$kill_at" ] && break
    if [ "$now" -ge "$end_at" ] && [ $told = no ]; then told=yes; kill -s TERM -- "-$$"; fi
    sleep 0.2
  done
  kill -s KILL -- "-$$"
) &
watch=$!
"$@" </dev/null >"$log_file" 2>&1
code=$?
printf '{"exitCode":%d,"endedAt":"%s"}\\n' "$code" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$exit_file.part" && mv "$exit_file.part" "$exit_file"
kill -s KILL $watch
`;

/** Starts a child and writes its lock below `stepDirectory`. The caller sees to it that none is alive there. */
export async function startChild(stepDirectory: string, child: ChildCommand): Promise<ChildLock> {
  const { directory } = child;
  await writeFile(join(directory, 'argv.json'), `${JSON.stringify({ command: child.command, argv: child.argv }, undefined, 2)}\n`);
  const startedAt = new Date().toISOString();
  await writeTimeLeft(directory, child.timeLeft());
  const files = [EXIT_FILE, LOG_FILE, LEFT_FILE].map((name) => join(directory, name));
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
  const lock: ChildLock = { ...(await markOf(started.pid ?? 0)), directory, startedAt };
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

/** The exit that the supervisor wrote; undefined when it was killed itself, or is not yet there. */
export async function exitOf(lock: ChildLock): Promise<ChildEnd | undefined> {
  const exit = await readJson(join(lock.directory, EXIT_FILE));
  if (typeof exit !== 'object' || exit === null || !('exitCode' in exit) || typeof exit.exitCode !== 'number') return undefined;
  return { exitCode: exit.exitCode, directory: lock.directory, startedAt: lock.startedAt };
}

export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly timeLeft: () => TimeLeft;
  readonly onOutput: (text: string) => void;
}

/** Waits for the end. @returns undefined when the child is gone and left no exit code, or when the signal was given */
export async function waitForEnd(lock: ChildLock, watch: Watch): Promise<ChildEnd | undefined> {
  const log = { offset: 0 };
  while (watch.signal?.aborted !== true) {
    const isRunning = await isAlive(lock);
    if (isRunning) await writeTimeLeft(lock.directory, watch.timeLeft());
    await readOn(join(lock.directory, LOG_FILE), log, watch.onOutput);
    const end = await exitOf(lock);
    if (end !== undefined || !isRunning) return end;
    await sleep(POLL_MS, undefined, watch.signal === undefined ? {} : { signal: watch.signal }).catch(() => undefined);
  }
  return undefined;
}

export async function makeEmptyDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
}

/**
 * In hundredths of a second since the machine started: a clock that nobody sets, and that goes on while the machine sleeps. Without
 * /proc the watch only has the date.
 */
async function writeTimeLeft(directory: string, { endInMs, killInMs }: TimeLeft): Promise<void> {
  const now = existsSync('/proc/uptime') ? uptime() * 100 : Date.now() / 10;
  const at = (ms: number): string => String(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(now + ms / 10))));
  await writeFile(join(directory, `${LEFT_FILE}.part`), `${at(endInMs)} ${at(killInMs)}\n`);
  await rename(join(directory, `${LEFT_FILE}.part`), join(directory, LEFT_FILE));
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
