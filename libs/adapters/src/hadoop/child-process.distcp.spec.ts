import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CopyJob, Location } from '@hiveferry/core';
import { parseLocation } from '@hiveferry/core';
import type { DistCp, DistCpRequest } from '@hiveferry/ports';
import { until } from '../../../../test/support/until.ts';
import type { MemoryFileStore } from '../memory/memory.file-store.ts';
import { createMemoryFileStore } from '../memory/memory.file-store.ts';
import { createDistCp } from './child-process.distcp.ts';
import { createHadoopCommand } from './hadoop-command.ts';

const at = (text: string): Location => {
  const location = parseLocation(text);
  if (location === undefined) throw new Error(`not a location: ${text}`);
  return location;
};

const TARGET = at('hdfs://right:8020/t');
const SOURCE = at('hdfs://left:8020/s');
const JOB: CopyJob = { id: 'copy-1', kind: 'pair', source: SOURCE, target: TARGET, excluded: [] };
const COUNTERS = '\tDistCp Counters\n\t\tBytes Copied=15\n\t\tFiles Copied=3\n\t\tDIR_COPY=1\n';
const JOB_LINE = '26/11/21 02:37:15 INFO tools.DistCp: DistCp job-id: job_local7_0001\n';

describe('DistCp as a child process', () => {
  let folder: string;
  let files: MemoryFileStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hiveferry-distcp-'));
    files = createMemoryFileStore();
    others('exit 0');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps argv, filters and log of the run and reads its counters', async () => {
    const outcome = await distcp(`printf '${JOB_LINE}${COUNTERS}' >&2`).run(request());
    expect(outcome.counters).toEqual({
      filesCopied: 3,
      filesSkipped: 0,
      filesFailed: 0,
      bytesCopied: 15,
      bytesSkipped: 0,
      directoriesCopied: 1,
    });
    expect(outcome.logFile).toBe(join(folder, 'work', 'step-1', '1-1', 'distcp.log'));
    expect(outcome.argv.slice(0, 2)).toEqual(['distcp', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC']);
    expect(outcome.argv.slice(-2)).toEqual([SOURCE, TARGET]);
    expect(readFileSync(join(folder, 'work', 'step-1', '1-1', 'filters.txt'), 'utf8')).toContain(String.raw`\Q/s\E`);
  });

  it('says user, configuration and an encoding by the environment', async () => {
    const outcome = await distcp('echo "$HADOOP_USER_NAME $HADOOP_CONF_DIR $LC_ALL"').run(request());
    expect(readFileSync(outcome.logFile, 'utf8')).toBe('etl /etc/conf C.UTF-8\n');
  });

  it('makes the target of an empty source', async () => {
    await distcp('exit 0').run(request());
    expect(await files.status(TARGET)).toMatchObject({ kind: 'directory' });
  });

  it('tells progress', async () => {
    const seen: number[] = [];
    const onProgress = (percent: number): void => {
      seen.push(percent);
      writeFileSync(join(folder, `seen-${String(percent)}`), '');
    };
    const untilSeen = `until [ -e ${folder}/seen-$p ]; do sleep 0.05; done`;
    await distcp(`for p in 0 37 100; do echo "26/11/21 INFO mapreduce.Job:  map $p% reduce 0%" >&2; ${untilSeen}; done`).run(
      request({ onProgress }),
    );
    expect(seen).toEqual([0, 37, 100]);
  });

  it.each([
    ['HADOOP_COMMAND_NOT_FOUND', 'exit 127'],
    ['DISTCP_FAILED', 'exit 25'],
    ['DISTCP_KILLED', 'exit 143'],
    ['DISTCP_DUPLICATE_FILES', 'exit 254'],
    ['DISTCP_SOURCE_MISSING', 'echo "org.apache.hadoop.tools.CopyListing\\$InvalidInputException: hdfs://left/s doesn\'t exist"; exit 255'],
    ['DISTCP_FAILED', `printf '\tDistCp Counters\n\t\tFiles Failed=1\n'`],
    ['DISTCP_DIRECTORY_LEFT_OUT', "echo '26/11/21 ERROR tools.SimpleCopyListing: Giving up on hdfs://left/t/p=2 after 3 retries.'"],
    ['DISTCP_FILTERS_IGNORED', "echo '26/11/21 ERROR tools.RegexCopyFilter: An error occurred while attempting to read from x'"],
  ])('fails with %s', async (code, script) => {
    await expect(distcp(script).run(request())).rejects.toMatchObject({ code, subject: 'db.table' });
  });

  it('fails with HADOOP_COMMAND_NOT_FOUND where there is no such command', async () => {
    const hadoop = createHadoopCommand({ command: join(folder, 'nothing'), environment: {} });
    const missing = createDistCp({ hadoop, files, workDirectory: join(folder, 'work') });
    await expect(missing.run(request())).rejects.toMatchObject({ code: 'HADOOP_COMMAND_NOT_FOUND', retry: 'operator' });
    await expect(hadoop.version()).rejects.toMatchObject({ code: 'HADOOP_COMMAND_NOT_FOUND' });
  });

  it('ends the whole group when asked and removes temporary files of that job alone', async () => {
    const left = ['.distcp.tmp.attempt_local7_0001_m_000000_0.1', '.distcp.tmp.attempt_local8_0001_m_000000_0.1', 'zz', '日'];
    for (const name of left) files.putFile(at(`${TARGET}/${name}`), 1);
    const aborter = new AbortController();
    const run = distcp(`printf '${JOB_LINE}' >&2; sleep 60 & echo $! > ${folder}/pid; wait`).run(request({ signal: aborter.signal }));
    await until(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8') !== '');
    aborter.abort();
    await expect(run).rejects.toMatchObject({ code: 'DISTCP_KILLED' });
    expect(isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false);
    expect(await Promise.all(left.map(async (name) => (await files.status(at(`${TARGET}/${name}`))) !== undefined))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('runs one job of a step at a time', async () => {
    const one = distcp(`[ -e ${folder}/busy ] && exit 9; touch ${folder}/busy; sleep 0.3; rm ${folder}/busy`);
    await Promise.all([one.run(request()), one.run(request({ round: 2 })), one.run(request({ round: 3 }))]);
  });

  it('ends a child that outlived the service which started it before it starts another', async () => {
    command(`for pid in $(cat ${folder}/pids 2>/dev/null); do kill -0 $pid && exit 9; done; echo $$ >> ${folder}/pids; sleep 1`);
    const parent = spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '-e', PARENT], {
      env: { ...process.env, FOLDER: folder, HADOOP: import.meta.dirname, JOB: JSON.stringify(JOB) },
      stdio: 'ignore',
    });
    await until(() => existsSync(join(folder, 'pids')));
    parent.kill('SIGKILL');
    const outcome = await distcp().run(request({ attempt: 2 }));
    expect(outcome.logFile).toBe(join(folder, 'work', 'step-1', '2-1', 'distcp.log'));
    expect(readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('cleans up after a child that was killed while nobody watched, then runs again', async () => {
    leaveBehind({ log: JOB_LINE });
    const left = at(`${TARGET}/.distcp.tmp.attempt_local7_0001_m_000000_0.1`);
    files.putFile(left, 1);
    const outcome = await distcp('exit 0').run(request({ attempt: 2 }));
    expect(outcome.logFile).toContain('2-1');
    expect(await files.status(left)).toBeUndefined();
  });

  describe('on YARN', () => {
    const APPLICATION = 'application_1763700000000_0007';
    /** One application, which runs until it is killed, or ended as said. */
    const yarn = (ended: string, killCode = 0): void =>
      others(`case "$*" in
        *JobClient*) echo ' job_1763700000000_0007  RUNNING' ;;
        *-list*) [ -e ${folder}/ended ] || echo '${APPLICATION}  distcp' ;;
        *-kill*) [ ${killCode} = 0 ] && touch ${folder}/ended; exit ${killCode} ;;
        *-status*) if ${ended}; then echo '  State : KILLED'; else echo '  State : RUNNING'; fi ;;
      esac`);
    const asked = (): string => readFileSync(join(folder, 'asked'), 'utf8');
    const runs = `echo run >> \${0%/*}/runs; printf '${COUNTERS}'`;

    it('waits for what an executor on another host began, and only then copies', async () => {
      yarn(`[ -e ${folder}/ended ]`);
      const run = distcp(runs).run(request({ attempt: 2 }));
      await until(() => existsSync(join(folder, 'asked')) && asked().includes('-status'));
      await sleep(200);
      expect(existsSync(join(folder, 'runs'))).toBe(false);
      writeFileSync(join(folder, 'ended'), '');
      await run;
      expect(asked()).toContain('-list -appTags hiveferry-step-1 ');
      expect(existsSync(join(folder, 'runs'))).toBe(true);
    });

    it('ends what an executor on another host began when the step is to end', async () => {
      yarn(`[ -e ${folder}/ended ]`);
      const aborter = new AbortController();
      const run = distcp(runs).run(request({ attempt: 2, signal: aborter.signal }));
      await until(() => existsSync(join(folder, 'asked')) && asked().includes('-status'));
      aborter.abort();
      await expect(run).rejects.toThrow();
      expect(asked()).toContain(`-kill ${APPLICATION}`);
      expect(existsSync(join(folder, 'runs'))).toBe(false);
    });

    it('ends the job of a client that was killed by a signal while nobody watched', async () => {
      yarn(`[ -e ${folder}/ended ]`);
      leaveBehind({ log: `INFO impl.YarnClientImpl: Submitted application ${APPLICATION}\n`, exitCode: 137 });
      await distcp(runs).run(request({ attempt: 1, round: 2 }));
      expect(asked()).toContain(`-kill ${APPLICATION}`);
    });

    it('waits for the job of a client that died here with its service, as for one from elsewhere', async () => {
      yarn(`[ -e ${folder}/ended ]`);
      leaveBehind({ log: `INFO impl.YarnClientImpl: Submitted application ${APPLICATION}\n`, exitCode: 143 });
      const run = distcp(runs).run(request({ attempt: 2 }));
      await until(() => existsSync(join(folder, 'asked')) && asked().includes('-status'));
      writeFileSync(join(folder, 'ended'), '');
      await run;
      expect(asked()).not.toContain('-kill');
    });

    it('ends the job of a client that failed without it', async () => {
      yarn(`[ -e ${folder}/ended ]`);
      const lost = distcp(`echo 'INFO impl.YarnClientImpl: Submitted application ${APPLICATION}'; exit 255`);
      await expect(lost.run(request())).rejects.toMatchObject({ code: 'DISTCP_FAILED' });
      expect(asked()).toContain(`-kill ${APPLICATION}`);
    });

    it('ends whatever any attempt began when the step is given up, and says so when it cannot', async () => {
      yarn(`[ -e ${folder}/ended ]`, 255);
      leaveBehind({ log: '' });
      const { stepId, subject, job, timeLeft } = request();
      const ending = { stepId, subject, job, timeLeft };
      await expect(distcp(runs, 200).end(ending)).rejects.toMatchObject({
        code: 'YARN_APPLICATION_NOT_ENDED',
        detail: { mayRun: true },
      });
      yarn(`[ -e ${folder}/ended ]`);
      await distcp(runs).end(ending);
      expect(asked()).toContain(`-kill ${APPLICATION}`);
      expect([existsSync(join(folder, 'work', 'step-1', 'lock.json')), existsSync(join(folder, 'runs'))]).toEqual([false, false]);
    });

    it('asks by the tag of the attempt when a killed client did not come to say what it submitted', async () => {
      yarn(`[ -e ${folder}/ended ]`);
      leaveBehind({ log: '', exitCode: 137 });
      await distcp(runs).run(request({ attempt: 1, round: 2 }));
      expect(asked()).toContain('-list -appTags hiveferry-step-1-1 ');
      expect(asked()).toContain(`-kill ${APPLICATION}`);
    });

    it('starts no other while the first cannot be ended', async () => {
      yarn('false', 255);
      leaveBehind({ log: `INFO impl.YarnClientImpl: Submitted application ${APPLICATION}\n`, exitCode: 137 });
      const again = distcp(runs, 200);
      for (const round of [2, 3]) {
        const refused = { code: 'YARN_APPLICATION_NOT_ENDED', detail: { mayRun: true } };
        await expect(again.run(request({ round }))).rejects.toMatchObject(refused);
      }
      expect(existsSync(join(folder, 'runs'))).toBe(false);
    });
  });

  it('removes what killed jobs of other hosts left, when it takes over', async () => {
    const left = at(`${TARGET}/.distcp.tmp.attempt_local9_0001_m_000000_0.1`);
    const deeper = at(`${TARGET}/p=1/.distcp.tmp.attempt_local9_0001_m_000000_0.1`);
    for (const file of [left, deeper]) files.putFile(file, 1);
    await distcp('exit 0').run(request({ attempt: 2 }));
    expect([await files.status(left), (await files.status(deeper))?.kind]).toEqual([undefined, 'file']);
  });

  it('refuses a list where a child is already there', async () => {
    files.putFile(at(`${TARGET}/p=1/f`), 1);
    const job: CopyJob = {
      id: 'copy-1',
      kind: 'list',
      sources: [at('hdfs://left:8020/s/p=1'), at('hdfs://left:8020/s/p=2')],
      target: TARGET,
      excluded: [],
    };
    await expect(distcp('exit 0').run(request({ job }))).rejects.toMatchObject({ code: 'DISTCP_TARGET_EXISTS' });
  });

  /** What a client that is dead left in the work folder. */
  function leaveBehind({ log, exitCode }: { readonly log: string; readonly exitCode?: number }): void {
    const directory = join(folder, 'work', 'step-1', '1-1');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'distcp.log'), log);
    if (exitCode !== undefined) writeFileSync(join(directory, 'exit.json'), JSON.stringify({ exitCode }));
    writeFileSync(
      join(folder, 'work', 'step-1', 'lock.json'),
      JSON.stringify({ pid: 4_000_000, startTicks: '1', directory, startedAt: '2026-11-21T00:00:00Z' }),
    );
  }

  function command(script: string): void {
    writeFileSync(join(folder, 'hadoop'), `#!/bin/sh\n[ "$1" = distcp ] || exec ${folder}/others "$@"\n${script}\n`);
    chmodSync(join(folder, 'hadoop'), 0o755);
  }

  /** What the Hadoop command does when it is not DistCp: Hadoop's own classes, as arguments. */
  function others(script: string): void {
    writeFileSync(join(folder, 'others'), `#!/bin/sh\necho "$*" >> ${folder}/asked\n${script}\n`);
    chmodSync(join(folder, 'others'), 0o755);
  }

  /** @param endWithinMs for applications that were killed: short where one is not to end */
  function distcp(script?: string, endWithinMs = 60_000): DistCp {
    if (script !== undefined) command(script);
    const hadoop = createHadoopCommand({
      command: join(folder, 'hadoop'),
      configurationDirectory: '/etc/conf',
      user: 'etl',
      environment: { PATH: process.env['PATH'] },
    });
    return createDistCp({ hadoop, files, workDirectory: join(folder, 'work'), graceMs: 1000, yarn: { lookEveryMs: 50, endWithinMs } });
  }

  function request(more: Partial<DistCpRequest> = {}): DistCpRequest {
    return {
      stepId: 'step-1',
      attempt: 1,
      round: 1,
      subject: 'db.table',
      job: JOB,
      timeLeft: () => ({ endInMs: Infinity, killInMs: Infinity }),
      ...more,
    };
  }
});

/** Another service: starts DistCp and is killed. */
const PARENT = `
const { env } = process;
const { createDistCp } = await import(env.HADOOP + '/child-process.distcp.ts');
const { createHadoopCommand } = await import(env.HADOOP + '/hadoop-command.ts');
const files = { status: async () => undefined, remove: async () => {}, makeDirectory: async () => {} };
const hadoop = createHadoopCommand({ command: env.FOLDER + '/hadoop', environment: { PATH: env.PATH } });
await createDistCp({ hadoop, files, workDirectory: env.FOLDER + '/work' })
  .run({ stepId: 'step-1', attempt: 1, round: 1, subject: 'db.table', job: JSON.parse(env.JOB), timeLeft: () => ({ endInMs: 60000, killInMs: 60000 }) });
`;

/** One that ended and waits to be reaped is not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
