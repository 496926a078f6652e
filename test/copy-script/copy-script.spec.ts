import { execFileSync, spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { distcpArguments, parseLocation } from '@hiveferry/core';
import type { CopyJob, Location } from '@hiveferry/core';
import { copyScript } from '../../libs/core/src/artefacts/copy-script.ts';
import type { ScriptedJob } from '../../libs/core/src/artefacts/scripted-job.ts';

const at = (text: string): Location => {
  const location = parseLocation(text);
  if (location === undefined) throw new Error(`not a location: ${text}`);
  return location;
};

const HOSTILE = 'it\'s [a] {b} $HOME `id` "q" \\ *?';
const pair = (source: string, target = source.replace('left', 'right')): ScriptedJob => {
  const job: CopyJob = { id: 'copy-1', kind: 'pair', source: at(source), target: at(target), excluded: [] };
  return { kind: 'distcp', title: source, jobs: [job], options: { stepId: 'shop' } };
};
const PAIRS = [pair('hdfs://left/a'), pair('hdfs://left/b'), pair('hdfs://left/c')];

describe('a script of copies', { timeout: 120_000 }, () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hiveferry-script-'));
    // Without its types it starts in half the time.
    writeFileSync(join(folder, 'fake-hadoop.mjs'), stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'fake-hadoop.ts'), 'utf8')));
    command('hadoop', `exec '${process.execPath}' '${folder}/fake-hadoop.mjs' "$@"`);
    for (const name of ['a', 'b', 'c']) write(`left/${name}/f`, `content of ${name}`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read by every shell that is here', () => {
    const script = textOf(PAIRS);
    for (const shell of [['sh'], ['bash', '--posix']].filter(([name = '']) => spawnSync(name, ['-c', ':']).status === 0))
      expect(execFileSync(shell[0] ?? '', [...shell.slice(1), '-n'], { input: script }).toString()).toBe('');
  });

  it('calls DistCp with the arguments of an executor, whatever is in them', () => {
    const job = pair(`hdfs://left/${HOSTILE}`);
    write(`left/${HOSTILE}/f`, 'x');
    expect(run([job])).toMatchObject({ status: 0 });
    if (job.kind !== 'distcp' || job.jobs[0] === undefined) throw new Error('no job');
    const [called] = calls().filter(([name]) => name === 'distcp');
    const filters = called?.[called.indexOf('-filters') + 1] ?? '';
    expect(called).toEqual(['distcp', ...distcpArguments(job.jobs[0], { ...job.options, attempt: 1, filtersFile: filters })]);
    expect(read(`right/${HOSTILE}/f`)).toBe('x');
  });

  it('copies, validates, and copies nothing when it is run again', () => {
    expect(run(PAIRS)).toMatchObject({ status: 0, stdout: expect.stringContaining('copy: 3 files copied, 0 were there already') });
    expect(run(PAIRS)).toMatchObject({ status: 0, stdout: expect.stringContaining('copy: 0 files copied, 3 were there already') });
  });

  it('stops at the first failure, and goes on there when its cause is mended', () => {
    write('fail', 'hdfs://left/b');
    const failed = run(PAIRS);
    expect([failed.status, distcps()]).toEqual([1, ['hdfs://left/a', 'hdfs://left/b']]);
    expect(failed.stderr).toContain('Permission denied: user=etl');
    rmSync(join(folder, 'fail'));
    rmSync(join(folder, 'calls'));
    expect(run(PAIRS)).toMatchObject({ status: 0, stdout: expect.stringContaining('job 1 of 3: hdfs://left/a: copied by an earlier run') });
    expect(distcps()).toEqual(['hdfs://left/b', 'hdfs://left/c']);
  });

  it('goes on after a failure where the target is an object store, which keeps no temporary files', () => {
    const jobs = [pair('hdfs://left/a', 's3a://bucket/a')];
    write('fail', 'hdfs://left/a');
    expect(run(jobs)).toMatchObject({ status: 1 });
    rmSync(join(folder, 'fail'));
    expect(run(jobs)).toMatchObject({ status: 0, stdout: expect.stringContaining('copy: 1 files copied') });
  });

  it('goes on after a failure when told to, and does not hide it', () => {
    write('fail', 'hdfs://left/b');
    const { status, stdout } = run(PAIRS, ['--keep-going']);
    expect([status, distcps()]).toEqual([1, ['hdfs://left/a', 'hdfs://left/b', 'hdfs://left/c']]);
    expect(stdout.match(/job \d .*: (?:VALID|FAILED)/g)).toEqual([
      'job 1 hdfs://left/a: VALID',
      'job 2 hdfs://left/b: FAILED',
      'job 3 hdfs://left/c: VALID',
    ]);
  });

  it('goes on after a failure that a wave of several lanes has seen, in a last wave of one lane', () => {
    const waves = [[[1], [2]], [[3]]];
    write('fail', 'hdfs://left/c');
    expect(run(PAIRS, [], waves)).toMatchObject({ status: 1 });
    rmSync(join(folder, 'fail'));
    expect(run(PAIRS, [], waves)).toMatchObject({ status: 0, stdout: expect.stringContaining('done: all 3 jobs') });
  });

  it('takes a job for failed whose DistCp left out a directory and ended well', () => {
    write('unlisted', '');
    expect(run(PAIRS)).toMatchObject({ status: 1, stderr: expect.stringContaining('Giving up on hdfs://left/a/p=1') });
  });

  it('tells missing, different and foreign files apart, and leaves hidden ones alone', () => {
    write('left/a/_SUCCESS', '');
    write('left/a/g', 'g');
    run(PAIRS);
    rmSync(join(folder, 'right/a/g'));
    write('right/a/f', 'content of A');
    write('right/b/f', 'short');
    write('right/c/more', 'more');
    write('right/c/.staging/x', 'x');
    const { status, stderr } = run(PAIRS, ['validate']);
    expect(status).toBe(1);
    expect(read('state/differences.txt').trim().split('\n').toSorted()).toEqual([
      'CHECKSUM\thdfs://left/a/f -> hdfs://right/a/f',
      'EXTRA\thdfs://right/c/more',
      'MISSING\thdfs://left/a/g -> hdfs://right/a/g',
      'SIZE\thdfs://left/b/f -> hdfs://right/b/f',
    ]);
    expect(stderr).toContain('Differences: 4');
    expect(read('state/failed_paths.txt').trim().split('\n')).toHaveLength(3);
    rmSync(join(folder, 'right/c/more'));
    expect(run(PAIRS)).toMatchObject({ status: 0, stdout: expect.stringContaining('copy: 3 files copied, 1 were there already') });
  });

  it('reads files back where there are no checksums in common, and overwrites those that differ', () => {
    const jobs = [pair('hdfs://left/a', 's3a://bucket/a'), pair('hdfs://left/b', 's3a://bucket/b')];
    write("left/a/it's", 'some text');
    expect(run(jobs).stdout).toContain('job 1 hdfs://left/a: VALID: 2 files, 21 bytes, sizes equal; contents not compared');
    write("bucket/a/it's", 'SOME text');
    expect(run(jobs)).toMatchObject({ status: 0 });
    expect(run(jobs, ['--read-back'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("CONTENT\thdfs://left/a/it's -> s3a://bucket/a/it's"),
    });
    expect(run(jobs, ['--read-back'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('VALID: 2 files, 21 bytes, contents equal'),
    });
    expect(read("bucket/a/it's")).toBe('some text');
  });

  it('copies a list in one go when nothing of it is there, else what differs, each by itself', () => {
    const job: CopyJob = {
      id: 'job-1',
      kind: 'list',
      sources: [at('hdfs://left/a'), at('hdfs://left/b')],
      target: at('hdfs://right/'),
      excluded: [],
    };
    const jobs: readonly ScriptedJob[] = [{ kind: 'distcp', title: 'small ones', jobs: [job], options: { stepId: 'shop' } }];
    expect(run(jobs)).toMatchObject({ status: 0, stdout: expect.stringContaining('copy: 2 files copied') });
    expect(calls().filter(([name]) => name === 'distcp')).toEqual([expect.arrayContaining(['-f', 'hiveferry/shop_distcp_source_1.txt'])]);
    write('right/b/f', 'content of B');
    write('left/b/g', 'new');
    write('right/b/g', 'new');
    rmSync(join(folder, 'calls'));
    expect(run(jobs)).toMatchObject({ status: 0, stdout: expect.stringContaining('copy: 1 files copied, 2 were there already') });
    expect(calls().filter(([name]) => name === 'distcp')).toEqual([expect.arrayContaining(['-update', 'hdfs://left/b', 'hdfs://right/b'])]);
  });

  it('runs the lanes of a wave side by side, and no later wave after a failure', () => {
    write('fail', 'hdfs://left/b');
    expect(run(PAIRS, [], [[[1], [2]], [[3]]])).toMatchObject({ status: 1 });
    expect(distcps().toSorted()).toEqual(['hdfs://left/a', 'hdfs://left/b']);
    rmSync(join(folder, 'fail'));
    expect(run(PAIRS, [], [[[1], [2]], [[3]]])).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, 'right/c/f'))).toBe(true);
  });

  it('takes one job alone, whatever became of the others of its wave', () => {
    write('fail', 'hdfs://left/b');
    const waves = [[[1], [2]], [[3]]];
    expect(run(PAIRS, [], waves)).toMatchObject({ status: 1 });
    expect(run(PAIRS, ['--only', '1'], waves)).toMatchObject({ status: 0, stdout: expect.stringContaining('the chosen jobs are copied') });
    expect(run(PAIRS, ['--only', '2'], waves)).toMatchObject({ status: 1 });
  });

  it('leaves out a directory that only the metastore knows of, and misses one that must be there', () => {
    const job = pair('hdfs://left/gone');
    const jobs = job.kind === 'distcp' ? [{ ...job, mayBeAbsent: new Set(['hdfs://left/gone']) }, pair('hdfs://left/a')] : [];
    expect(run(jobs)).toMatchObject({ status: 0 });
    expect(distcps()).toEqual(['hdfs://left/a']);
    expect(run([pair('hdfs://left/gone')], ['validate'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('NO_SOURCE\thdfs://left/gone'),
    });
  });

  it('says so with 4 too when it was one of several lanes that heard it', () => {
    write('unreachable-distcp', 'hdfs://left/a');
    write('fail', 'hdfs://left/b');
    const lanes = [[[1], [2]], [[3]]];
    expect(run(PAIRS, ['copy'], lanes)).toMatchObject({ status: 4 });
    expect(run(PAIRS, ['copy', '--keep-going'], lanes)).toMatchObject({ status: 4 });
  });

  it('says with 4 that a cluster does not answer, or that there is no Hadoop', () => {
    write('unreachable', '');
    expect(run(PAIRS)).toMatchObject({ status: 4, stderr: expect.stringContaining('ConnectException') });
    expect(run(PAIRS, [], undefined, { HADOOP: join(folder, 'nothing') })).toMatchObject({ status: 4 });
  });

  it.each([
    ['--force', { args: ['--force'] }],
    ['there is no job 9', { args: ['--only', '9'] }],
    ['-i hides files that failed', { environment: { DISTCP_OPTS: '-m 5 -i' } }],
    ['-delete removes files', { environment: { DISTCP_OPTS: '-delete' } }],
    ['-delete removes files', { environment: { DISTCP_OPTS: '-m 5 --delete' } }],
    ['-async ends before', { environment: { DISTCP_OPTS: '-async' } }],
    ['distcp.filters.class cannot be said', { environment: { DISTCP_OPTS: '-Da=b -Ddistcp.filters.class=x.Y' } }],
    ['distcp.copy.listing.class cannot be said', { environment: { DISTCP_OPTS: '-D distcp.copy.listing.class=x.Y' } }],
    ['fs.s3a.secret.key looks like a secret', { environment: { DISTCP_OPTS: '-Dfs.s3a.secret.key=abc' } }],
  ])(
    'refuses with 2: %s',
    (text, { args = [], environment = {} }: { readonly args?: readonly string[]; readonly environment?: object }) => {
      expect(run(PAIRS, args, undefined, environment)).toMatchObject({ status: 2, stderr: expect.stringContaining(text) });
      expect(distcps()).toEqual([]);
    },
  );

  it('runs kinit when principal and keytab are said, and puts options where they belong', () => {
    command('kinit', `echo "$@" >> '${folder}/kinit.log'`);
    const environment = { KINIT_PRINCIPAL: 'etl@BANK', KINIT_KEYTAB: '/etc/etl.keytab', DISTCP_OPTS: '-Da=b -m 7' };
    expect(run(PAIRS, ['--only', '2'], undefined, environment)).toMatchObject({ status: 0 });
    expect(read('kinit.log')).toContain('-kt /etc/etl.keytab etl@BANK');
    const [called = []] = calls().filter(([name]) => name === 'distcp');
    expect(called.slice(called.indexOf('-Da=b'), called.indexOf('-update') + 1)).toEqual(['-Da=b', '-m', '7', '-update']);
  });

  it('shows its commands in a dry run, and runs none', () => {
    const { status, stdout } = run(PAIRS, ['--dry-run']);
    expect([status, stdout.match(/^\S*hadoop distcp .*/gm)?.length, existsSync(join(folder, 'calls'))]).toEqual([0, 3, false]);
    expect(existsSync(join(folder, 'state'))).toBe(false);
  });

  it('says in a dry run nothing that a shell would run, were it pasted there', () => {
    const { stdout } = run([pair('hdfs://left/line\ntouch pasted')], ['--dry-run']);
    spawnSync('sh', ['-c', stdout], { cwd: folder, env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, FAKE_HADOOP: folder } });
    expect([stdout.includes('# touch pasted'), existsSync(join(folder, 'pasted'))]).toEqual([true, false]);
  });

  it('tells how far it came', () => {
    write('fail', 'hdfs://left/b');
    run(PAIRS);
    expect(run(PAIRS, ['status']).stdout).toMatch(/job 1 COPIED: .*\n {2}job 2 FAILED: .*\n {2}job 3 PLANNED: /);
  });

  function textOf(jobs: readonly ScriptedJob[], waves?: readonly (readonly (readonly number[])[])[]): string {
    const place = 'To be run at the target.';
    return [...copyScript({ stem: 'shop', database: 'shop', target: 'shop', place, jobs, ...(waves && { waves }) })].join('');
  }

  function run(
    jobs: readonly ScriptedJob[],
    args: readonly string[] = [],
    waves?: readonly (readonly (readonly number[])[])[],
    more: object = {},
  ) {
    const file = join(folder, 'shop_distcp_script.sh');
    writeFileSync(file, textOf(jobs, waves));
    const environment = {
      FAKE_HADOOP: folder,
      HADOOP: 'hadoop',
      STATE_DIR: join(folder, 'state'),
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    };
    const { status, stdout, stderr } = spawnSync('sh', [file, ...args], { env: { ...environment, ...more }, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  function command(name: string, text: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  function read(path: string): string {
    return readFileSync(join(folder, path), 'utf8');
  }

  function calls(): readonly (readonly string[])[] {
    if (!existsSync(join(folder, 'calls'))) return [];
    return read('calls')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as readonly string[]);
  }

  /** Sources of the DistCps, in order. */
  function distcps(): readonly string[] {
    return calls().flatMap(([name, ...argv]) => (name === 'distcp' ? (argv.at(-2) ?? []) : []));
  }
});
