import { DEFAULT_TRANSFER_SETTINGS, planTransfer } from '@hiveferry/core';
import { describe, expect, it } from 'vitest';
import { check } from './waves-check.ts';
import { makeWarehouse } from './waves-warehouse.ts';

describe('waves of a skewed warehouse', () => {
  it.each([
    [1, { slots: 4 }],
    [2, { slots: 8, maxMappers: 160 }],
    [3, { slots: 16, maxMappers: 320, waveMinutes: 15 }],
    [4, { slots: 8, packing: 'shared-jvm' }],
    [5, { slots: 8, packing: 'none', maxMbPerSecond: 1000 }],
  ] as const)('take at most 1.2 times the shortest time that their jobs allow, and copy all bytes (seed %i, %o)', (seed, own) => {
    const units = makeWarehouse(3000, seed);
    const { makespanSeconds, boundSeconds, errors } = check(units, planTransfer(units, { ...DEFAULT_TRANSFER_SETTINGS, ...own }));
    expect(errors).toEqual([]);
    expect(makespanSeconds / boundSeconds).toBeLessThanOrEqual(1.2);
  });
});
