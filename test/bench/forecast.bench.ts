/**
 * How long a forecast of many copies holds the API's event loop up, which reckons them in a thread.
 * usage: npm run bench:forecast -- [--copies 2000,50000,200000]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { DEFAULT_TRANSFER_SETTINGS } from '@hiveferry/core';
import type { CopyUnit } from '@hiveferry/core';
import { openReckoner } from '../../apps/api/src/forecasts/reckoner.ts';

/** As the store gives plans out. */
const COPIES_A_PAGE = 100;

const { values } = parseArgs({ options: { copies: { type: 'string', default: '2000,50000,200000' } } });
console.log('| copies | s | longest hold-up of the event loop, ms | 99 of 100 are below, ms |\n| --- | --- | --- | --- |');
for (const copies of values.copies.split(',').map(Number)) console.log(await measured(copies));

async function measured(copies: number): Promise<string> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const started = performance.now();
  delay.enable();
  const reckoner = openReckoner();
  for (let at = 0; at < copies; at += COPIES_A_PAGE)
    await reckoner.add(Array.from({ length: COPIES_A_PAGE }, (_, index) => copy(at + index)));
  await reckoner.finish({ ...DEFAULT_TRANSFER_SETTINGS, jobBytes: Number.MAX_SAFE_INTEGER, packing: 'none' });
  delay.disable();
  await reckoner.close();
  const seconds = (performance.now() - started) / 1000;
  return `| ${copies} | ${seconds.toFixed(1)} | ${(delay.max / 1e6).toFixed(0)} | ${(delay.percentile(99) / 1e6).toFixed(0)} |`;
}

function copy(index: number): CopyUnit {
  const path = `warehouse/sales.db/orders_${index}`;
  const size = { files: 1 + (index % 7), bytes: (index * 7919) % 1_000_000_007 };
  return {
    id: `copy-${index}`,
    subject: `sales.orders_${index}`,
    side: 'target',
    source: `hdfs://old/${path}`,
    target: `hdfs://new/${path}`,
    excluded: [],
    after: [],
    parts: [],
    size,
  };
}
