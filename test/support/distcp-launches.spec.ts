import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countDistCpLaunches } from './distcp-launches.ts';
import type { DistCpLaunches } from './distcp-launches.ts';

let folder: string;
let launches: DistCpLaunches;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hiveferry-launches-'));
  writeFileSync(join(folder, 'hadoop'), '#!/bin/sh\nexec sleep "$3"\n');
  chmodSync(join(folder, 'hadoop'), 0o755);
  launches = countDistCpLaunches(join(folder, 'hadoop'));
});
afterEach(() => {
  launches.remove();
  rmSync(folder, { recursive: true, force: true });
});

const start = (step: string, seconds: string): Promise<unknown> =>
  once(spawn(launches.command, ['distcp', `-Dmapreduce.job.name=hiveferry-${step}`, seconds], { stdio: 'ignore' }), 'exit');

it('sees two of one step that are alive at once, and only those', async () => {
  await start('a', '0');
  await Promise.all([start('a', '0.5'), start('a', '0.5'), start('b', '0.5')]);
  const all = launches.all();
  const [first, second] = all.filter(({ stepId }) => stepId === 'a').slice(1);
  expect(all.map(({ stepId }) => stepId).toSorted()).toEqual(['a', 'a', 'a', 'b']);
  expect(second?.aliveAtStart).toEqual([first?.pid]);
  expect(all.filter(({ aliveAtStart }) => aliveAtStart.length > 0).length).toBe(1);
});

it('knows which are alive', async () => {
  const ended = start('a', '0.4');
  while (launches.all().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const [launch] = launches.all();
  expect(launch !== undefined && launches.isAlive(launch)).toBe(true);
  await ended;
  expect(launch !== undefined && launches.isAlive(launch)).toBe(false);
});
