import { endCopy } from './copy.step.ts';
import type { OutlivingStepKind } from '@hiveferry/core';
import type { StepEnding } from './step-handler.ts';

export const STEP_ENDINGS = {
  copy: endCopy,
} satisfies Record<OutlivingStepKind, StepEnding>;
