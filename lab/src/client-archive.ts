/** A class data archive for the `hadoop` command: each DistCp and each `-checksum` is one JVM start, mostly class loading. */
import { existsSync, renameSync } from 'node:fs';
import type { Cache } from './cache.ts';
import { run } from './commands.ts';
import { clientArchive } from './hadoop-command.ts';
import type { Lab } from './lab.ts';

/** Made once per cache, by a DistCp between the clusters. When it cannot be made, commands are only slower. */
export async function makeClientArchive(lab: Lab, cache: Cache, say: (text: string) => void): Promise<void> {
  const archive = clientArchive(cache);
  if (existsSync(archive)) return;
  const made = `${archive}.${process.pid}`;
  const { source, target } = lab.clusters;
  const sample = `${source.hdfs.namespace}/tmp/lab-archive`;
  const copied = `${target.hdfs.namespace}/tmp/lab-archive`;
  const hadoop = async (argv: readonly string[], options = ''): Promise<unknown> =>
    await run({ argv: [source.hadoop.command, ...argv], env: { HADOOP_CLIENT_OPTS: options } });
  try {
    await hadoop(['fs', '-put', '-f', '/etc/passwd', sample]);
    const composite = '-Ddfs.checksum.combine.mode=COMPOSITE_CRC';
    await hadoop(['distcp', composite, '-update', sample, copied], `-XX:ArchiveClassesAtExit=${made}`);
    await hadoop(['fs', '-rm', '-skipTrash', sample, copied]);
    renameSync(made, archive);
  } catch (error) {
    say(`no class data archive for the hadoop command: ${String(error)}`);
  }
}
