import { appendFileSync, closeSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';

const BUFFER_CHARACTERS = 1 << 18;
const CHUNK_BYTES = 1 << 20;

/** A file that is written piece by piece, and only when there is a piece. */
export interface GrowingFile {
  readonly append: (text: string | undefined) => void;
  /** @returns whether there is a file */
  readonly close: () => boolean;
}

/** @param title stands before the first piece */
export function growFile(path: string, title: string): GrowingFile {
  let pieces: string[] = [];
  let length = 0;
  let descriptor: number | undefined;
  const flush = () => {
    if (descriptor !== undefined) writeSync(descriptor, pieces.join(''));
    pieces = [];
    length = 0;
  };
  return {
    append: (text) => {
      if (text === undefined) return;
      if (descriptor === undefined) {
        descriptor = openSync(path, 'w');
        pieces.push(title);
      }
      pieces.push(text);
      length += text.length;
      if (length > BUFFER_CHARACTERS) flush();
    },
    close: () => {
      flush();
      if (descriptor !== undefined) closeSync(descriptor);
      return descriptor !== undefined;
    },
  };
}

/** Makes a file of a beginning that is known last, and of a body that was written first and goes. */
export function joinFile(
  path: string,
  { head, bodyFile, foot }: { readonly head: string; readonly bodyFile?: string; readonly foot: string },
): void {
  writeFileSync(path, head);
  if (bodyFile !== undefined) {
    const descriptor = openSync(bodyFile, 'r');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
      appendFileSync(path, chunk.subarray(0, read));
    closeSync(descriptor);
    rmSync(bodyFile);
  }
  appendFileSync(path, foot);
}
