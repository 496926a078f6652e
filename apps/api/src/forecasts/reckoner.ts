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

/** @param worker what the thread runs */
export function openReckoner(worker = WORKER): Reckoner {
  let few: CopyUnit[] = [];
  let thread: Thread | undefined;
  return {
    add: async (units) => {
      for (let at = 0; at < units.length; at += COPIES_A_MESSAGE) {
        few.push(...units.slice(at, at + COPIES_A_MESSAGE));
        if (few.length <= COPIES_AT_ONCE) continue;
        thread ??= openThread(worker);
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
      await thread?.worker.terminate();
    },
  };
}

interface Thread {
  readonly worker: Worker;
  /** Settled by its only message, or by its end. */
  readonly reckoned: Promise<Reckoned>;
}

/** Listens from the beginning: a thread that fails while nobody listens would end the process. */
function openThread(file: string): Thread {
  const worker = new Worker(file, { execArgv: [] });
  const { promise: reckoned, resolve, reject } = Promise.withResolvers<Reckoned>();
  worker.once('message', resolve).once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread of the forecast ended with code ${String(code)}`)));
  reckoned.catch(() => undefined);
  return { worker, reckoned };
}

async function reckonedBy(thread: Thread, settings: TransferSettings): Promise<Reckoned> {
  tell(thread, { kind: 'reckon', settings });
  return await thread.reckoned;
}

function tell({ worker }: Thread, question: ForecastQuestion): void {
  worker.postMessage(question);
}
