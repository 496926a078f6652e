import { z } from 'zod';
import type { Service } from './embedded-service.ts';

const StepEvent = z.object({
  type: z.literal('step'),
  data: z.object({
    target: z.string(),
    database: z.string(),
    table: z.string(),
    key: z.string(),
    kind: z.string(),
    state: z.string(),
    failure: z.object({ message: z.string() }).optional(),
  }),
});
type Step = z.infer<typeof StepEvent>['data'];

/** What a run's steps are at, from its events. */
export interface RunWatch {
  /** Tables that wait for files which others bring, by `tableKey`, each with what it found at its last look. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Something runs, or will be tried again by itself. */
  readonly isBusy: () => boolean;
  /** Grows with each event but looks that found what they had found before. */
  readonly changes: () => number;
  readonly stop: () => void;
}

/** A table on one target. */
export const tableKey = (target: string, { database, table }: { readonly database: string; readonly table: string }): string =>
  `${target} ${database}.${table}`;

const OPEN = new Set(['READY', 'RUNNING', 'WAITING', 'ENDING']);

/** Reads the events of a run until it ends or is no longer watched. */
export function watchRun(service: Service, runId: string): RunWatch {
  const ending = new AbortController();
  const waiting = new Map<string, string>();
  const open = new Set<string>();
  let changes = 0;
  const take = (step: Step): void => {
    const table = tableKey(step.target, step);
    if (step.kind !== 'await-copy') {
      changes += 1;
      open[OPEN.has(step.state) ? 'add' : 'delete'](`${table} ${step.key}`);
      return;
    }
    const found = step.failure?.message ?? '';
    if (step.state === 'RUNNING' || step.state === 'READY' || (step.state === 'WAITING' && waiting.get(table) === found)) return;
    changes += 1;
    if (step.state === 'WAITING') waiting.set(table, found);
    else waiting.delete(table);
  };
  void readEvents(service.lines(`/v1/runs/${runId}/events`, ending.signal), take);
  return { waiting, isBusy: () => open.size > 0, changes: () => changes, stop: () => ending.abort() };
}

/** A stream that breaks off leaves what is known: whoever watches asks for the state of the run as well. */
async function readEvents(lines: AsyncGenerator<string>, take: (step: Step) => void): Promise<void> {
  try {
    for await (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const event = StepEvent.safeParse(JSON.parse(line.slice('data: '.length)));
      if (event.success) take(event.data.data);
    }
  } catch {
    // Told to stop, or the service goes down.
  }
}
