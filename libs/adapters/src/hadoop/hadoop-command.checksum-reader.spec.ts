import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Location } from '@hiveferry/core';
import { parseLocation } from '@hiveferry/core';
import { createChecksumReader } from './hadoop-command.checksum-reader.ts';
import type { CommandResult, HadoopCommand } from './hadoop-command.ts';

const at = (path: string): Location => {
  const location = parseLocation(`hdfs://nn:8020${path}`);
  if (location === undefined) throw new Error(`not a location: ${path}`);
  return location;
};

/** Answers as Hadoop 3.4.2 did in the lab: `nope` is absent, `priv` not readable, `dir` a directory. */
function fakeHadoop(): HadoopCommand & { readonly calls: (readonly string[])[] } {
  const calls: (readonly string[])[] = [];
  return {
    command: 'hadoop',
    environment: {},
    calls,
    version: async () => 'Hadoop 3.4.2',
    async run(argv): Promise<CommandResult> {
      calls.push(argv);
      const files = argv.slice(3).map((path) => path.replaceAll(/\\(.)/g, '$1'));
      const isGood = (file: string): boolean => !/nope|priv|dir/.test(file);
      const errors = files
        .filter((file) => !isGood(file))
        .map((file) =>
          file.endsWith('priv')
            ? `checksum: Permission denied: user=bob, access=READ, inode="${file.slice('hdfs://nn:8020'.length)}":hdfs:hadoop:-rw-------`
            : `checksum: \`${file}': ${file.endsWith('dir') ? 'Is a directory' : 'No such file or directory'}`,
        );
      return {
        exitCode: errors.length > 0 ? 1 : 0,
        stdout: files
          .filter(isGood)
          .map((file) => (file.endsWith('none') ? `${file}\tNONE\t\n` : `${file}\tCOMPOSITE-CRC32C\t9a71bb4c\n`))
          .join(''),
        stderr: `26/11/21 04:45:54 WARN util.NativeCodeLoader: Unable to load native-hadoop library\n${errors.join('\n')}\n`,
      };
    },
  };
}

describe('checksums by the Hadoop command', () => {
  it('reads files with odd names, escaped for the command', async () => {
    const hadoop = fakeHadoop();
    const files = [at('/a b/f'), at('/[z]'), at('/tab\tx'), at('/x%20y')];
    const { checksums, failures } = await createChecksumReader({ hadoop }).checksums(files);
    expect([...checksums]).toEqual(files.map((file) => [file, { algorithm: 'COMPOSITE-CRC32C', value: '9a71bb4c' }]));
    expect(failures).toEqual([]);
    expect(hadoop.calls[0]).toContain(String.raw`hdfs://nn:8020/\[z\]`);
  });

  it('says of each file why it has none', async () => {
    const { checksums, failures } = await createChecksumReader({ hadoop: fakeHadoop() }).checksums([
      at('/f'),
      at('/nope'),
      at('/w/priv'),
      at('/dir'),
      at('/none'),
    ]);
    expect([...checksums.keys()]).toEqual([at('/f')]);
    expect(failures.map(({ location, reason }) => [location, reason.replace(/:hdfs.*/, '')])).toEqual([
      [at('/nope'), "`hdfs://nn:8020/nope': No such file or directory".replace(/:hdfs.*/, '')],
      [at('/w/priv'), 'Permission denied: user=bob, access=READ, inode="/w/priv"'],
      [at('/dir'), "`hdfs://nn:8020/dir': Is a directory"],
      [at('/none'), expect.stringContaining('exit code 1')],
    ]);
  });

  it('shares one start between calls that come together', async () => {
    const hadoop = fakeHadoop();
    const reader = createChecksumReader({ hadoop, gatherMs: 20 });
    await Promise.all([reader.checksums([at('/a')]), reader.checksums([at('/b'), at('/a')]), reader.checksums([])]);
    expect(hadoop.calls).toEqual([['fs', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC', '-checksum', at('/a'), at('/b')]]);
  });

  it('splits what one command line does not hold', async () => {
    const hadoop = fakeHadoop();
    const files = Array.from({ length: 1200 }, (_, index) => at(`/${'x'.repeat(200)}/${index}`));
    const { checksums } = await createChecksumReader({ hadoop }).checksums(files);
    expect(checksums.size).toBe(1200);
    for (const call of hadoop.calls) expect(call.join(' ').length).toBeLessThan(101_000);
  });

  it('listens once for the end of a call, however many files it asks for', async () => {
    const { signal } = new AbortController();
    const files = Array.from({ length: 20 }, (_, index) => at(`/${String(index)}`));
    const asked = createChecksumReader({ hadoop: fakeHadoop() }).checksums(files, signal);
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    await asked;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('stops waiting when it is asked meanwhile', async () => {
    const hadoop: HadoopCommand = { ...fakeHadoop(), run: () => new Promise<never>(() => undefined) };
    const aborter = new AbortController();
    const asked = createChecksumReader({ hadoop }).checksums([at('/a')], aborter.signal);
    aborter.abort(new Error('ended'));
    await expect(asked).rejects.toThrow('ended');
  });

  it('stops waiting when asked', async () => {
    await expect(createChecksumReader({ hadoop: fakeHadoop() }).checksums([at('/a')], AbortSignal.abort())).rejects.toThrow();
  });

  it('is a fault when the cluster cannot be reached', async () => {
    const hadoop: HadoopCommand = {
      ...fakeHadoop(),
      run: async () => ({
        exitCode: 1,
        stdout: '',
        stderr: 'checksum: Call From a/127.0.0.1 to b:8020 failed on connection exception: java.net.ConnectException: Connection refused',
      }),
    };
    await expect(createChecksumReader({ hadoop }).checksums([at('/a')])).rejects.toMatchObject({ code: 'FILE_STORE_UNREACHABLE' });
  });
});
