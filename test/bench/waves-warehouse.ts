/** A warehouse as they are: many small tables, few huge ones, partitions of which some are much larger than the others. */
import type { CopyPart, CopySize, CopyUnit } from '@hiveferry/core';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;

/** Table sizes: lognormal (median 40 MiB, sigma 3), above it a Pareto tail (one table in 200, exponent 1.1), no table above 40 TiB. */
const SHAPE = {
  medianBytes: 40 * MIB,
  sigma: 3,
  tailShare: 1 / 200,
  tailFromBytes: 200 * 1024 * MIB,
  tailExponent: 1.1,
  mostBytes: 40 * TIB,
};

/** The same seed gives the same warehouse. */
export function makeWarehouse(tables: number, seed: number): readonly CopyUnit[] {
  const random = randomFrom(seed);
  return Array.from({ length: tables }, (_, index) => makeTable(index, random));
}

function makeTable(index: number, random: () => number): CopyUnit {
  const bytes = tableBytes(random);
  const place = `db${index % 20}.db/table_${index}`;
  const source = `hdfs://old/warehouse/${place}`;
  const parts = random() < 0.5 ? partsOf(source, { bytes, random }) : [];
  const size = parts.length === 0 ? sized(bytes) : sum(parts);
  return {
    id: `t${index}`,
    subject: place,
    side: 'target',
    source,
    target: `hdfs://new/warehouse/${place}`,
    excluded: [],
    after: [],
    size,
    parts,
  };
}

function tableBytes(random: () => number): number {
  const { medianBytes, sigma, tailShare, tailFromBytes, tailExponent, mostBytes } = SHAPE;
  const bytes =
    random() < tailShare ? tailFromBytes * (1 - random()) ** (-1 / tailExponent) : medianBytes * Math.exp(sigma * normal(random));
  return Math.min(mostBytes, Math.ceil(bytes));
}

/** By day, some days ten times as large as the median; two levels where there are many. */
function partsOf(
  source: string,
  { bytes, random }: { readonly bytes: number; readonly random: () => number },
): readonly Required<Pick<CopyPart, 'source' | 'size'>>[] {
  const count = Math.min(2000, Math.max(1, Math.round(20 * Math.exp(1.5 * normal(random)))));
  const weights = Array.from({ length: count }, () => Math.exp(normal(random)));
  const total = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight, at) => {
    const path = count > 400 ? `y=${2000 + Math.floor(at / 365)}/d=${at % 365}` : `d=${at}`;
    return { source: `${source}/${path}`, size: sized(Math.round((bytes * weight) / total)) };
  });
}

/** Files of 128 MiB; small ones come in eighths. */
function sized(bytes: number): CopySize {
  return { bytes, files: Math.max(1, Math.min(8, Math.ceil(bytes / MIB)), Math.ceil(bytes / (128 * MIB))) };
}

function sum(parts: readonly { readonly size: CopySize }[]): CopySize {
  return parts.reduce((all, { size }) => ({ bytes: all.bytes + size.bytes, files: all.files + size.files }), { bytes: 0, files: 0 });
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
