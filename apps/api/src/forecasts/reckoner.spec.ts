import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_TRANSFER_SETTINGS } from '@hiveferry/core';
import type { CopyUnit } from '@hiveferry/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openReckoner } from './reckoner.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reckoner-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const units = Array.from({ length: 600 }, (_, index): CopyUnit => ({
  id: `t${index}`,
  subject: `sales.t${index}`,
  side: 'target',
  source: `hdfs://left/t${index}`,
  target: `hdfs://right/t${index}`,
  excluded: [],
  after: [],
  parts: [],
}));

it.each([
  ['fails', `throw new Error('no memory left');`, 'no memory left'],
  ['ends', `process.exit(3);`, 'ended with code 3'],
])('a thread that %s between two pages fails its forecast, and nothing else', async (_, code, message) => {
  const worker = join(folder, 'worker.mjs');
  writeFileSync(worker, code);
  const reckoner = openReckoner(worker);
  await reckoner.add(units);
  await wait(300);
  await expect(reckoner.finish(DEFAULT_TRANSFER_SETTINGS)).rejects.toThrow(message);
  await reckoner.close();
});
