/** Stops the lab and keeps its data, or removes all of it. */
import { existsSync, rmSync } from 'node:fs';
import { labDirectory } from './directories.ts';
import { labFile } from './lab.ts';
import { withLabLock } from './lock.ts';
import { stopProcess } from './processes.ts';
import { SERVICES } from './services.ts';

export interface DownOptions {
  readonly purge?: boolean;
  readonly directory?: string;
}

/** Safe to repeat. Gives the names of the services that were stopped. */
export async function labDown(options: DownOptions = {}): Promise<readonly string[]> {
  const directory = options.directory ?? labDirectory();
  if (!existsSync(directory)) return [];
  return await withLabLock(directory, async () => await stopAll(directory, options.purge === true));
}

async function stopAll(directory: string, purge: boolean): Promise<readonly string[]> {
  rmSync(labFile(directory), { force: true });
  const stopped: string[] = [];
  for (const wave of stopWaves()) {
    const ends = await Promise.all(wave.map(async (name) => ((await stopProcess(directory, name)) ? [name] : [])));
    stopped.push(...ends.flat());
  }
  if (purge) rmSync(directory, { recursive: true, force: true });
  return stopped;
}

/** Users before what they use, so that no service waits for one that is gone. */
function stopWaves(): readonly (readonly string[])[] {
  const base = new Set(['postgres', 'source-namenode', 'target-namenode', 'source-datanode', 'target-datanode']);
  const names = SERVICES.map((service) => service.name);
  const first = names.filter((name) => !base.has(name));
  return [first, [...base], ['netns']];
}
