/**
 * A private network for the lab, with a loopback only: some Hive listeners take all interfaces whatever they are told.
 * Node cannot change its own namespace, so a command runs itself again inside it.
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningPid, startProcess } from './processes.ts';

const INSIDE = 'HIVEFERRY_LAB_NETNS';
const HOLDER = 'netns';

export function insideNamespace(): number | undefined {
  const pid = process.env[INSIDE];
  return pid === undefined ? undefined : Number(pid);
}

/** The process that holds the namespace; made when `create` is set and there is none. */
export async function namespaceHolder(directory: string, create: boolean): Promise<number | undefined> {
  const known = runningPid(directory, HOLDER);
  if (known !== undefined || !create) return known;
  if (process.getuid?.() !== 0) throw new Error('--netns needs root');
  const script = 'ip link set lo up && while :; do sleep 3600; done';
  const pid = startProcess(directory, HOLDER, { argv: ['unshare', '-n', 'sh', '-c', script, `${directory}/${HOLDER}`], cwd: '/' });
  await sleep(300);
  if (runningPid(directory, HOLDER) === undefined) throw new Error('the network namespace could not be made (unshare and ip are needed)');
  return pid;
}

export function runInside(pid: number, argv: readonly string[]): number {
  const enter = ['-t', String(pid), '-n', ...argv];
  const { status } = spawnSync('nsenter', enter, { stdio: 'inherit', env: { ...process.env, [INSIDE]: String(pid) } });
  return status ?? 1;
}
