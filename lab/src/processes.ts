/** Starts, finds and ends the lab's processes by pid file; a pid counts only when its command line names the lab folder. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './commands.ts';

const TERM_PATIENCE_MS = 8_000;

export function logFile(directory: string, service: string): string {
  return join(directory, 'logs', `${service}.log`);
}

export function startProcess(directory: string, service: string, command: Command): number {
  const log = logFile(directory, service);
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'w');
  const [program = '', ...args] = command.argv;
  const { uid, gid, cwd } = command;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...process.env, ...command.env },
    cwd: cwd ?? directory,
    ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
  });
  // Without a listener a missing program would end this process; the missing pid below says it too.
  child.once('error', () => undefined);
  closeSync(out);
  child.unref();
  if (child.pid === undefined) throw new Error(`${service}: could not start ${program}`);
  mkdirSync(join(directory, 'pids'), { recursive: true });
  writeFileSync(pidFile(directory, service), `${child.pid}\n`);
  return child.pid;
}

/** The pid of a service that runs, else undefined. */
export function runningPid(directory: string, service: string): number | undefined {
  const file = pidFile(directory, service);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').trim());
  return isOurs(pid, directory) ? pid : undefined;
}

/** Ends a service: TERM, then KILL. Nothing happens when it does not run. */
export async function stopProcess(directory: string, service: string): Promise<boolean> {
  const pid = runningPid(directory, service);
  if (pid !== undefined) {
    signal(pid, service === 'postgres' ? 'SIGINT' : 'SIGTERM');
    await waitForEnd(pid, directory);
  }
  rmSync(pidFile(directory, service), { force: true });
  return pid !== undefined;
}

async function waitForEnd(pid: number, directory: string): Promise<void> {
  const deadline = Date.now() + TERM_PATIENCE_MS;
  while (isOurs(pid, directory) && Date.now() < deadline) await sleep(30);
  if (!isOurs(pid, directory)) return;
  signal(pid, 'SIGKILL');
  while (isOurs(pid, directory)) await sleep(20);
}

function isOurs(pid: number, directory: string): boolean {
  try {
    if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return false;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return argv.some((argument) => argument.endsWith(directory) || argument.includes(`${directory}/`));
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
}

function pidFile(directory: string, service: string): string {
  return join(directory, 'pids', service);
}
