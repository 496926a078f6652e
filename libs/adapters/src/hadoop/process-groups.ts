import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which process of a machine: its id, and when it began, since ids are used again. */
export interface ProcessMark {
  readonly pid: number;
  /** `starttime` of /proc/PID/stat. Empty where there is no /proc. */
  readonly startTicks: string;
}

export async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, startTicks: (await statOf(pid))?.startTicks ?? '' };
}

/** A process that ended and waits to be reaped is not alive. */
export async function isAlive({ pid, startTicks }: ProcessMark): Promise<boolean> {
  if (startTicks !== '') return (await statOf(pid))?.startTicks === startTicks;
  return canSignal(pid);
}

/**
 * Ends a process group with its leader: SIGTERM, then SIGKILL after the grace. Returns when no member of it is left, also when the
 * leader had gone before the others.
 */
export async function endGroup(leader: ProcessMark, graceMs: number): Promise<void> {
  if (!(await hasMembers(leader))) return;
  signalGroup(leader.pid, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (Date.now() < until) {
    await sleep(50);
    if (!(await hasMembers(leader))) return;
  }
  while (await hasMembers(leader)) {
    signalGroup(leader.pid, 'SIGKILL');
    await sleep(20);
  }
}

/** The id of a group is not used again while it has members, but its leader's id is when the whole group is gone. */
async function hasMembers(leader: ProcessMark): Promise<boolean> {
  const { pid, startTicks } = leader;
  if (startTicks === '') return canSignal(-pid);
  const now = await statOf(pid);
  if (now !== undefined && now.startTicks !== startTicks) return false;
  const others = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(others.map((name) => statOf(Number(name))));
  return stats.some((stat) => stat?.group === pid);
}

interface ProcessStat {
  readonly group: number;
  readonly startTicks: string;
}

/** Fields 5 and 22; the name in field 2 may hold spaces and brackets. @returns undefined for no process, and for one that waits to be reaped */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state, group, startTicks] = [fields[0], fields[2], fields[19]];
  return group === undefined || startTicks === undefined || state === 'Z' ? undefined : { group: Number(group), startTicks };
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
