import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionByKey, partitionOfKey } from './partition-of-key.ts';

const topicOf = (partitions: number) =>
  Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0, isr: [0], replicas: [0], partitionErrorCode: 0 }));

it('puts every key where the default of kafkajs puts it: messages of a table stay in order when the version changes', () => {
  const [own, theirs] = [partitionByKey(), Partitioners.DefaultPartitioner()];
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 64 }), (key, partitions) => {
      const args = { topic: 't', partitionMetadata: topicOf(partitions), message: { key, value: null } };
      expect(own(args)).toBe(theirs(args));
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  // From Kafka's UtilsTest.testMurmur2: the hash, made positive.
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['a-little-bit-longer-string', -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
  ['abc', 479_470_107],
])('hashes %s as Kafka does', (key, hash) => {
  expect(partitionOfKey(key, 0x7fffffff)).toBe((hash & 0x7fffffff) % 0x7fffffff);
});
