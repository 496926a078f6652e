import { setTimeout as wait } from 'node:timers/promises';
import type { Run } from '@hiveferry/contracts';
import type { Service } from './embedded-service.ts';
import { watchRun } from './run-watch.ts';
import type { RunWatch } from './run-watch.ts';
import type { NamedRun } from './state-folder.ts';

const LOOK_EVERY_MS = 500;
/** Files that others bring are waited for until nothing has changed for so long: the same command goes on later. */
const PATIENCE_MS = 10_000;

export interface Following {
  readonly service: Service;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A run as it was left. */
export interface FollowedRun extends NamedRun {
  readonly run: Run;
  /** Tables that wait for files, by `tableKey`, with what is there. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** Until all have ended, or nothing is left but waiting for files that do not come. Says a line whenever a number changes. */
export async function followRuns(runs: readonly NamedRun[], { service, signal, say }: Following): Promise<readonly FollowedRun[]> {
  const watches = runs.map(({ runId }) => watchRun(service, runId));
  const sayOnce = onChange(say);
  const isQuiet = quietness();
  try {
    for (;;) {
      const found = await Promise.all(
        runs.map(async (named, index) => ({ ...named, run: await runOf(service, named), watch: watches[index] ?? NOTHING_SEEN })),
      );
      sayOnce(progressLine(found));
      const isLong = isQuiet(found.reduce((sum, { watch }) => sum + watch.changes(), 0));
      if (found.every(({ run, watch }) => hasEnded(run) || (isLong && onlyWaits(watch)))) return found.map(asLeft);
      await wait(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    for (const watch of watches) watch.stop();
  }
}

interface WatchedRun extends NamedRun {
  readonly run: Run;
  readonly watch: RunWatch;
}

const NOTHING_SEEN: RunWatch = { waiting: new Map(), isBusy: () => true, changes: () => 0, stop: () => undefined };
const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'INCOMPLETE', 'FAILED', 'CANCELLED']);

export const hasEnded = ({ state }: Run): boolean => ENDED.has(state);

export async function runOf(service: Service, { runId }: NamedRun): Promise<Run> {
  return await service.get<Run>(`/v1/runs/${runId}`);
}

const onlyWaits = ({ waiting, isBusy }: RunWatch): boolean => waiting.size > 0 && !isBusy();

function asLeft({ name, runId, run, watch }: WatchedRun): FollowedRun {
  return { name, runId, run, waiting: hasEnded(run) ? new Map() : new Map(watch.waiting) };
}

function progressLine(runs: readonly WatchedRun[]): string {
  const counts = new Map<string, number>();
  for (const { run } of runs) {
    for (const { tables } of run.targets) {
      for (const [state, count] of Object.entries(tables.byState)) counts.set(state, (counts.get(state) ?? 0) + count);
    }
  }
  const waiting = runs.reduce((sum, { run, watch }) => sum + (hasEnded(run) ? 0 : watch.waiting.size), 0);
  const parts = [...counts].filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  if (waiting > 0) parts.push(`of them ${waiting} waiting for files`);
  return parts.length === 0 ? 'planning' : parts.join(', ');
}

function onChange(say: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    if (line !== last) say(line);
    last = line;
  };
}

/** @returns says of a number whether it has stood for long */
function quietness(): (changes: number) => boolean {
  let last = -1;
  let since = Date.now();
  return (changes) => {
    if (changes !== last) since = Date.now();
    last = changes;
    return Date.now() - since > PATIENCE_MS;
  };
}
