import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord } from '@hiveferry/ports';
import type { TestStores } from './stores.ts';

/** Only a guard against waiting for ever: suites run beside servers that start on the same cores. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 20;

type Answer<T> = T | false | undefined;

interface Wait {
  /** What the failure says of how far it came. */
  readonly state?: () => unknown;
  readonly patienceMs?: number;
}

/** Looks until it is so. @returns what was found: the first answer that is not false or undefined */
export async function until<T>(look: () => Answer<T> | Promise<Answer<T>>, { state, patienceMs = PATIENCE_MS }: Wait = {}): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== false && found !== undefined) return found;
    if (performance.now() > deadline) break;
    await sleep(LOOK_EVERY_MS);
  }
  const there = state === undefined ? '' : `: ${JSON.stringify(await state())}`;
  throw new Error(`it did not come to that in ${String(patienceMs / 1_000)} s${there}`);
}

export async function runUntil(stores: TestStores, runId: string, condition: (run: RunRecord) => boolean): Promise<RunRecord> {
  const look = async (): Promise<RunRecord | undefined> => {
    const run = await stores.runs.run(runId);
    return run !== undefined && condition(run) ? run : undefined;
  };
  return await until(look, { state: () => stores.runs.run(runId) });
}
