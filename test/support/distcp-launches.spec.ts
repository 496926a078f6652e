import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countDistCpLaunches } from './distcp-launches.ts';
import type { DistCpLaunches } from './distcp-launches.ts';
import { until } from './until.ts';

let folder: string;
let launches: DistCpLaunches;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hiveferry-launches-'));
  writeFileSync(join(folder, 'hadoop'), '#!/bin/sh\nuntil [ -e "$3" ]; do sleep 0.05; done\n');
  chmodSync(join(folder, 'hadoop'), 0o755);
  launches = countDistCpLaunches(join(folder, 'hadoop'));
});
afterEach(() => {
  launches.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** It goes on until the file is there. */
const start = (step: string, file: string): Promise<unknown> =>
  once(spawn(launches.command, ['distcp', `-Dmapreduce.job.name=hiveferry-${step}`, file], { stdio: 'ignore' }), 'exit');

it('sees two of one step that are alive at once, and only those', async () => {
  const gate = join(folder, 'gate');
  await start('a', folder);
  const ends = ['a', 'a', 'b'].map((step) => start(step, gate));
  await until(() => launches.all().length === 4);
  writeFileSync(gate, '');
  await Promise.all(ends);
  const all = launches.all();
  const [first, second] = all.filter(({ stepId }) => stepId === 'a').slice(1);
  expect(all.map(({ stepId }) => stepId).toSorted()).toEqual(['a', 'a', 'a', 'b']);
  expect(second?.aliveAtStart).toEqual([first?.pid]);
  expect(all.filter(({ aliveAtStart }) => aliveAtStart.length > 0).length).toBe(1);
});

it('knows which are alive', async () => {
  const gate = join(folder, 'gate');
  const ended = start('a', gate);
  const launch = await until(() => launches.all()[0]);
  expect(launches.isAlive(launch)).toBe(true);
  writeFileSync(gate, '');
  await ended;
  expect(launches.isAlive(launch)).toBe(false);
});
