import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TimeLeft } from '@hiveferry/ports';
import { until } from '../../../../test/support/until.ts';
import { endGroup, isAlive } from './process-groups.ts';
import { startChild, waitForEnd } from './supervised-child.ts';
import type { ChildCommand } from './supervised-child.ts';

const noEnd = (): TimeLeft => ({ endInMs: Infinity, killInMs: Infinity });

let folder: string;
let child: ChildCommand;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hiveferry-child-'));
  child = { command: 'touch', argv: [join(folder, 'effect')], environment: process.env, directory: join(folder, '1-1'), timeLeft: noEnd };
  mkdirSync(child.directory);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('runs the command once its lock is there', async () => {
  const end = await waitForEnd(await startChild(folder, child), { onOutput: () => undefined, timeLeft: noEnd });
  expect([end?.exitCode, existsSync(join(folder, 'effect'))]).toEqual([0, true]);
});

it('never begins when nobody could know of it, since its lock was not written', async () => {
  await expect(startChild(join(folder, 'nowhere'), child)).rejects.toMatchObject({ code: 'ENOENT' });
  await sleep(300);
  expect(existsSync(join(folder, 'effect'))).toBe(false);
});

describe('a child whose service is dead or stopped', () => {
  const beats = (): string => (existsSync(join(folder, 'beats')) ? readFileSync(join(folder, 'beats'), 'utf8') : '');
  const expectNoBeats = async (): Promise<void> => {
    const then = beats();
    await sleep(300);
    expect(beats()).toBe(then);
  };
  /** Writes on until it is ended, and does not care for SIGTERM when asked not to. */
  const beating = (onTerm: string): Partial<ChildCommand> => ({
    command: 'sh',
    argv: ['-c', `trap '${onTerm}' TERM; while :; do echo . >>${folder}/beats; sleep 0.05; done`],
  });

  it.each([
    ['ends when its time is over', 'exit 0', 60_000],
    ['is killed when it does not end in time', '', 600],
  ])('%s', async (_title, onTerm, killInMs) => {
    const timeLeft = (): TimeLeft => ({ endInMs: 200, killInMs });
    const lock = await startChild(folder, { ...child, ...beating(onTerm), timeLeft });
    await until(async () => !(await isAlive(lock)));
    await expectNoBeats();
  });

  it('goes on as long as its service adds to its time', async () => {
    const soon = (): TimeLeft => ({ endInMs: 4_000, killInMs: 4_000 });
    const lock = await startChild(folder, { ...child, command: 'sleep', argv: ['4.5'], timeLeft: soon });
    expect(await waitForEnd(lock, { onOutput: () => undefined, timeLeft: noEnd })).toMatchObject({ exitCode: 0 });
  });

  it('is ended with its whole group when its supervisor was killed alone', async () => {
    const lock = await startChild(folder, { ...child, ...beating('') });
    await until(() => existsSync(join(folder, 'beats')));
    process.kill(lock.pid, 'SIGKILL');
    expect(await waitForEnd(lock, { onOutput: () => undefined, timeLeft: noEnd })).toBeUndefined();
    await endGroup(lock, 0);
    await expectNoBeats();
  });
});
