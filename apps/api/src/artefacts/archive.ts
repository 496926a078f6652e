import { pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Headers, Pack } from 'tar-stream';
import type { TargetArtefact } from './artefact.service.ts';

interface ArchiveFacts {
  /** Folder that everything lies in when unpacked. */
  readonly folder: string;
  /** Time of all files: the same plan gives the same bytes. */
  readonly modifiedAt: Date;
}

/** A gzipped tar of the files, written as they are made and read; scripts can be run when unpacked. */
export function archiveOf(artefacts: AsyncIterable<TargetArtefact>, facts: ArchiveFacts): Readable {
  const tar = pack();
  const output = new PassThrough();
  void fill(tar, artefacts, facts).catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  // A reader that goes away, or a plan that cannot be read, ends the stream: `output` is destroyed with the reason.
  void pipeline(tar, createGzip(), output).catch(() => undefined);
  return output;
}

async function fill(tar: Pack, artefacts: AsyncIterable<TargetArtefact>, facts: ArchiveFacts): Promise<void> {
  for await (const { path, content } of artefacts) {
    const bytes = Buffer.from(content);
    const mode = path.endsWith('.sh') ? 0o755 : 0o644;
    await written(tar, { name: `${facts.folder}/${path}`, mode, mtime: facts.modifiedAt, size: bytes.byteLength }, bytes);
  }
  tar.finalize();
}

/** Resolves when the reader took it: that is the back pressure. */
async function written(tar: Pack, headers: Headers, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tar.entry(headers, (error) => (error instanceof Error ? reject(error) : resolve())).end(bytes);
  });
}
