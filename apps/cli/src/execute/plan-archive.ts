import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Service } from './embedded-service.ts';

/** A file of a plan; its path starts with the target when the run has several. */
export interface PlanFile {
  readonly path: string;
  readonly content: string;
}

/**
 * The files of a run's plan, one at a time. They come as one archive: the service prints a plan anew each time that it is asked for a file.
 *
 * @throws when the archive breaks off
 */
export async function* planFilesOf(service: Pick<Service, 'bytes'>, runId: string): AsyncGenerator<PlanFile> {
  const entries = extract();
  const reading = pipeline(await service.bytes(`/v1/runs/${runId}/artefacts.tar.gz`), createGunzip(), entries);
  // What breaks off ends the entries with the reason; whoever stops reading early has no use for it.
  reading.catch(() => undefined);
  for await (const entry of entries) yield { path: withoutFolder(entry.header.name), content: await text(entry) };
  await reading;
}

/** All lie in one folder, named after the run. */
const withoutFolder = (path: string): string => path.slice(path.indexOf('/') + 1);
