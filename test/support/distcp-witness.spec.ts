import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDistCpWitness, overlaps, type DistCpWitness } from './distcp-witness.ts';

let witness: DistCpWitness;
beforeEach(() => {
  witness = createDistCpWitness('true');
  witness.slowDown(0.2);
});
afterEach(() => witness.remove());

const distcp = async (name: string): Promise<void> => {
  await once(spawn(witness.command, ['distcp', `-Dmapreduce.job.name=${name}`, 'from', 'to']), 'exit');
};

it('sees two of one name at once', async () => {
  await Promise.all([distcp('a'), distcp('a')]);
  expect(overlaps(witness.times()).map(([{ name }]) => name)).toEqual(['a']);
});

it('sees nothing wrong in one after the other, or in two names at once', async () => {
  await Promise.all([distcp('a'), distcp('b')]);
  await distcp('a');
  expect(witness.times()).toHaveLength(3);
  expect(overlaps(witness.times())).toEqual([]);
});
