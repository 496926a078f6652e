/** Reckons one forecast in a thread of its own: the copies come page by page, the settings last. */
import { parentPort } from 'node:worker_threads';
import { planTransfer } from '@hiveferry/core';
import type { CopyUnit, TransferPlan, TransferSettings } from '@hiveferry/core';

export type ForecastQuestion =
  { readonly kind: 'copies'; readonly units: readonly CopyUnit[] } | { readonly kind: 'reckon'; readonly settings: TransferSettings };

/** What a forecast tells of a plan. */
export type Reckoned = Pick<TransferPlan, 'forecast' | 'recommendations'>;

const known: CopyUnit[] = [];
parentPort?.on('message', (question: ForecastQuestion) => {
  switch (question.kind) {
    case 'copies':
      for (const unit of question.units) known.push(unit);
      return;
    case 'reckon': {
      const { forecast, recommendations } = planTransfer(known, question.settings);
      parentPort?.postMessage({ forecast, recommendations } satisfies Reckoned);
    }
  }
});
