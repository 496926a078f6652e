import { once } from 'node:events';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { planTransfer } from '@hiveferry/core';
import type { CopyUnit, TransferSettings } from '@hiveferry/core';
import type { ForecastQuestion, Reckoned } from './forecast.worker.ts';

/** Reckoned at once, in some 10 ms; more of them would hold the process up, and go to a thread. */
const COPIES_AT_ONCE = 500;
/** Handed over in one piece. */
const COPIES_A_MESSAGE = 1_000;

const WORKER = join(import.meta.dirname, `forecast.worker${extname(import.meta.filename)}`);

const nextTurn = promisify(setImmediate);

/** Reckons a forecast of copies that come page by page. */
export interface Reckoner {
  readonly add: (units: readonly CopyUnit[]) => Promise<void>;
  readonly finish: (settings: TransferSettings) => Promise<Reckoned>;
  readonly close: () => Promise<void>;
}

export function openReckoner(): Reckoner {
  let few: CopyUnit[] = [];
  let thread: Worker | undefined;
  return {
    add: async (units) => {
      for (let at = 0; at < units.length; at += COPIES_A_MESSAGE) {
        few.push(...units.slice(at, at + COPIES_A_MESSAGE));
        if (few.length <= COPIES_AT_ONCE) continue;
        thread ??= new Worker(WORKER, { execArgv: [] });
        tell(thread, { kind: 'copies', units: few });
        few = [];
        await nextTurn();
      }
    },
    finish: async (settings) => {
      if (thread === undefined) return planTransfer(few, settings);
      tell(thread, { kind: 'copies', units: few });
      return await reckonedBy(thread, settings);
    },
    close: async () => {
      await thread?.terminate();
    },
  };
}

async function reckonedBy(thread: Worker, settings: TransferSettings): Promise<Reckoned> {
  const answer = once(thread, 'message');
  tell(thread, { kind: 'reckon', settings });
  // It answers once, with nothing else.
  const [reckoned] = (await answer) as [Reckoned];
  return reckoned;
}

function tell(thread: Worker, question: ForecastQuestion): void {
  thread.postMessage(question);
}
