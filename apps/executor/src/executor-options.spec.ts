import { STEP_KINDS } from '@hiveferry/core';
import { expect, it } from 'vitest';
import { limitsOf } from './executor-options.ts';

it('has a place for each kind of step: one without any would stay READY for ever', () => {
  const kinds = limitsOf({ sql: 1, copy: 1, measure: 1 }).flatMap((limit) => limit.kinds);
  expect(kinds.toSorted()).toEqual(STEP_KINDS.toSorted());
});
