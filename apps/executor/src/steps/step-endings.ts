import type { OutlivingStepKind, StepKind } from '@hiveferry/core';
import { endCleanUp } from './clean-up.step.ts';
import { endCopy } from './copy.step.ts';
import type { StepEnding } from './step-handler.ts';

/** Of kinds whose work may go on outside; and what is left to be removed when a run is cancelled. */
const STEP_ENDINGS = {
  copy: endCopy,
  'clean-up': endCleanUp,
} satisfies Record<OutlivingStepKind, StepEnding> & Partial<Record<StepKind, StepEnding>>;

export function endingOf(kind: StepKind): StepEnding | undefined {
  return Object.entries(STEP_ENDINGS).find(([each]) => each === kind)?.[1];
}
