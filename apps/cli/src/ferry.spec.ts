import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const FERRY = join(import.meta.dirname, '../../../ferry');
const elsewhere = mkdtempSync(join(tmpdir(), 'hiveferry-command-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

function ferry(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(FERRY, argv, {
    cwd: elsewhere,
    encoding: 'utf8',
    env: { HOME: elsewhere, PATH: '/usr/bin:/bin' },
  });
  return { status, stdout, stderr };
}

describe('./ferry', () => {
  it('helps, from anywhere', () => {
    const { status, stdout, stderr } = ferry('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('ferry hms-mirror');
  });

  it('runs through a link', () => {
    symlinkSync(FERRY, join(elsewhere, 'linked'));
    expect(spawnSync(join(elsewhere, 'linked'), ['--help'], { encoding: 'utf8' }).stdout).toContain('ferry why');
  });

  it.each([
    [['hms-miror'], 'ferry hms-miror: no such command; did you mean ferry hms-mirror?'],
    [['fly'], 'ferry fly: no such command; there are hms-mirror, plan, snapshot, diff, why'],
    [['hms-mirror', '-o', 'out'], '.hms-mirror/cfg/default.yaml: no such configuration file; name one by -cfg'],
    [['why', 'a.b', '-cfg', 'nothing.yaml'], 'nothing.yaml: no such configuration file; name one by -cfg'],
  ])('refuses %j with code 2 and one line', (argv, text) => {
    const { status, stderr } = ferry(...argv);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(text);
  });

  it.each([
    ['no Node at all', undefined],
    ['a Node that is too old', '#!/bin/sh\nexit 1\n'],
  ])('says in one line what is missing: %s', (_what, node) => {
    const root = mkdtempSync(join(elsewhere, 'copy-'));
    copyFileSync(FERRY, join(root, 'ferry'));
    mkdirSync(join(root, 'bin'));
    if (node !== undefined) writeFileSync(join(root, 'bin', 'node'), node, { mode: 0o755 });
    for (const tool of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${tool}`, join(root, 'bin', tool));
    const { status, stderr } = spawnSync('/bin/sh', [join(root, 'ferry'), '--help'], {
      encoding: 'utf8',
      env: { PATH: join(root, 'bin') },
    });
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, lines: 1 });
    expect(stderr).toContain('Node 24.15 or newer is missing');
  });

  it('lists all options of hms-mirror', () => {
    expect(ferry('hms-mirror', '--help').stdout.match(/^ {2}-/gm)).toHaveLength(80);
  });

  it.each([['--help'], ['hms-mirror', '--help'], ['plan', '--help']])('says by which codes an executed plan ends: %s %s', (...argv) => {
    expect(ferry(...argv).stdout).toMatch(/Exit codes: 0 .* 1 .*\btable is not\b[^]* 130 interrupted/);
  });
});
