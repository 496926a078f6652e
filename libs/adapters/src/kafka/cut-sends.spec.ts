import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BusMessage } from '@hiveferry/ports';
import { cutSends } from './cut-sends.ts';

/** `message.max.bytes` of a broker that nobody has configured. */
const BROKER_TAKES_BYTES = 1_048_588;

const aRecord = (value: string): BusMessage => ({ topic: 't', key: 'sales.orders', value, headers: { type: 'task', version: '1' } });
/** A batch has 61 bytes of its own, a record at most 25 (attributes, and six lengths and numbers), a header at most 10 (two lengths). */
const bytesOf = (send: readonly BusMessage[]): number =>
  send.reduce((sum, { key, value, headers }) => sum + 25 + textBytes(key, value) + textBytes(...Object.entries(headers).flat()) + 20, 61);
const textBytes = (...texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const cut = (records: readonly BusMessage[]): readonly (readonly BusMessage[])[] => [...cutSends(records)];

it('sends what a broker takes at once in one send', () => {
  const records = Array.from({ length: 500 }, (_, index) => aRecord(`{"n":${String(index)}}`));
  expect(cut(records)).toEqual([records]);
});

it('cuts what is more, so that all of a send may be one batch', () => {
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 50 }), fc.constantFrom('a', 'ä', '€', '\u{1f600}'));
  const records = fc.array(fc.tuple(texts, fc.integer({ min: 10_000, max: 60_000 })), { minLength: 20, maxLength: 50 });
  fc.assert(
    fc.property(records, (specs) => {
      const all = specs.map(([text, times]) => aRecord(text.repeat(Math.ceil(times / Math.max(1, text.length)))));
      const sends = cut(all);
      expect(sends.flat()).toEqual(all);
      for (const send of sends) expect(bytesOf(send)).toBeLessThanOrEqual(BROKER_TAKES_BYTES);
    }),
    { numRuns: 12 },
  );
});

it('sends one that is too large alone: the others go without it', () => {
  const [before, tooLarge, after] = [aRecord('before'), aRecord('x'.repeat(2_000_000)), aRecord('after')];
  expect(cut([before, tooLarge, after])).toEqual([[before], [tooLarge], [after]]);
});

it('sends no empty send before one that is too large and first', () => {
  const [tooLarge, after] = [aRecord('x'.repeat(2_000_000)), aRecord('after')];
  expect(cut([tooLarge, after])).toEqual([[tooLarge], [after]]);
});

it('fills sends one after the other, of letters that take three bytes each', () => {
  const records = Array.from({ length: 100 }, () => aRecord('€'.repeat(3_500)));
  const sends = cut(records);
  expect(sends.map((send) => send.length)).toEqual([94, 6]);
  for (const send of sends) expect(bytesOf(send)).toBeLessThanOrEqual(BROKER_TAKES_BYTES);
});

it('sends nothing when there is nothing', () => {
  expect(cut([])).toEqual([]);
});
