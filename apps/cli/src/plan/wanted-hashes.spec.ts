import { describe, expect, it } from 'vitest';
import { otherPlans, wantedHashesIn } from './wanted-hashes.ts';

describe('--plan-hash', () => {
  it('is for the only target, or for the one that is named', () => {
    expect(otherPlans({ right: 'a' }, wantedHashesIn(['a']))).toEqual([]);
    expect(otherPlans({ right: 'a', lake: 'b' }, wantedHashesIn(['right=a', 'lake=b']))).toEqual([]);
  });

  it('finds each target with another plan, and with none that was reviewed', () => {
    expect(otherPlans({ right: 'a' }, wantedHashesIn(['b']))).toEqual([{ target: 'right', planHash: 'a', expected: 'b' }]);
    expect(otherPlans({ right: 'a', lake: 'b' }, wantedHashesIn(['right=a']))).toEqual([
      { target: 'lake', planHash: 'b', expected: undefined },
    ]);
  });

  it('asks for nothing when it is not given', () => {
    expect(otherPlans({ right: 'a' }, wantedHashesIn([]))).toEqual([]);
  });
});
