import type { ICustomPartitioner } from 'kafkajs';

const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/**
 * A key's partition, as Kafka's own clients choose it (murmur2, `BuiltInPartitioner`). kafkajs's default gives the same, on a class for
 * 64-bit numbers: that took a tenth of all the time of a message.
 */
export const partitionByKey: ICustomPartitioner = () => {
  return ({ partitionMetadata, message: { key } }) => partitionOfKey(key ?? '', partitionMetadata.length);
};

export function partitionOfKey(key: string | Buffer, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}

function murmur2(data: Buffer): number {
  const whole = data.length & ~3;
  let hash = SEED ^ data.length;
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, MIX) ^ mixed(data.readInt32LE(at));
  if (whole < data.length) hash = Math.imul(hash ^ data.readUIntLE(whole, data.length - whole), MIX);
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}

function mixed(word: number): number {
  const once = Math.imul(word, MIX);
  return Math.imul(once ^ (once >>> 24), MIX);
}
