import { expect, it } from 'vitest';
import { slotOf } from './table-slots.ts';

it.each([
  ['sales.orders', 18],
  ['sales.items', 29],
  ['sales', 11],
  ['web_logs.größe', 6],
  ['a.\u{1d4d0}', 18],
])('of %s is for ever the same', (subject, slot) => {
  expect(slotOf(subject)).toBe(slot);
});

it.each([
  ['numbers', (n: number) => `sales.t_${String(n).padStart(7, '0')}`],
  ['databases', (n: number) => `db_${String(n)}.orders`],
])('spreads names that differ by %s only over all slots', (_, nameOf) => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 32_000; n += 1) counts.set(slotOf(nameOf(n)), (counts.get(slotOf(nameOf(n))) ?? 0) + 1);
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_unused, slot) => slot));
  expect(Math.min(...counts.values())).toBeGreaterThan(800);
  expect(Math.max(...counts.values())).toBeLessThan(1_200);
});
