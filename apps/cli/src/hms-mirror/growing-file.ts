import { appendFileSync, closeSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 1 << 18;
/** UTF-8 takes at most so many for a unit of UTF-16. */
const BYTES_PER_UNIT = 3;

/** A file that is written piece by piece, and only when there is a piece. */
export interface GrowingFile {
  readonly append: (text: string | undefined) => void;
  /** @returns whether there is a file */
  readonly close: () => boolean;
}

/** @param title stands before the first piece */
export function growFile(path: string, title: string): GrowingFile {
  let file: BufferedFile | undefined;
  return {
    append: (text) => {
      if (text === undefined) return;
      file ??= openBuffered(path, title);
      write(file, text);
    },
    close: () => {
      if (file === undefined) return false;
      flush(file);
      closeSync(file.descriptor);
      return true;
    },
  };
}

/** Pieces are encoded at once: kept as texts they would outlive the collector's young generation. */
interface BufferedFile {
  readonly descriptor: number;
  readonly buffer: Buffer;
  filled: number;
}

function openBuffered(path: string, title: string): BufferedFile {
  const file = { descriptor: openSync(path, 'w'), buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES), filled: 0 };
  write(file, title);
  return file;
}

function write(file: BufferedFile, text: string): void {
  const most = text.length * BYTES_PER_UNIT;
  if (most > BUFFER_BYTES - file.filled) flush(file);
  if (most > BUFFER_BYTES) writeAll(file.descriptor, Buffer.from(text));
  else file.filled += file.buffer.write(text, file.filled);
}

function flush(file: BufferedFile): void {
  writeAll(file.descriptor, file.buffer.subarray(0, file.filled));
  file.filled = 0;
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/** Makes a file of a beginning that is known last, and of a body that was written first and goes. */
export function joinFile(
  path: string,
  { head, bodyFile, foot }: { readonly head: string; readonly bodyFile?: string; readonly foot: string },
): void {
  writeFileSync(path, head);
  if (bodyFile !== undefined) {
    const descriptor = openSync(bodyFile, 'r');
    const chunk = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
      appendFileSync(path, chunk.subarray(0, read));
    closeSync(descriptor);
    rmSync(bodyFile);
  }
  appendFileSync(path, foot);
}
