import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startChild, waitForEnd } from './supervised-child.ts';
import type { ChildCommand } from './supervised-child.ts';

let folder: string;
let child: ChildCommand;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hiveferry-child-'));
  child = { command: 'touch', argv: [join(folder, 'effect')], environment: process.env, directory: join(folder, '1-1') };
  mkdirSync(child.directory);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('runs the command once its lock is there', async () => {
  const end = await waitForEnd(await startChild(folder, child), { onOutput: () => undefined });
  expect([end?.exitCode, existsSync(join(folder, 'effect'))]).toEqual([0, true]);
});

it('never begins when nobody could know of it, since its lock was not written', async () => {
  await expect(startChild(join(folder, 'nowhere'), child)).rejects.toMatchObject({ code: 'ENOENT' });
  await sleep(300);
  expect(existsSync(join(folder, 'effect'))).toBe(false);
});
