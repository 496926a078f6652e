import { readSync } from 'node:fs';

/** One line of a file that holds something; blank ones and comments are counted and left out. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Offset of its first byte in the file. */
  readonly start: number;
  /** Blanks before its text. */
  readonly indent: number;
  /** Its text without the blanks before it. Only while it is the current line. */
  readonly text: () => string;
}

/** What is read at once, unless the file is smaller. */
export const CHUNK_BYTES = 1 << 17;
const NEWLINE = 10;
const BLANK = 32;
/** Tab, carriage return: nothing but them makes a blank line too. */
const SPACES = new Set([9, 13, BLANK]);
const COMMENT = 35;

/** Reads a file line by line in chunks, without decoding what nobody asks for; all chunks share one piece of memory. */
export function* linesOf(descriptor: number, chunkBytes: number): Generator<FileLine> {
  let buffer: Buffer = Buffer.allocUnsafe(chunkBytes);
  let held = 0;
  let heldAt = 0;
  let number = 0;
  for (let isLast = false; !isLast;) {
    if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
    const count = readSync(descriptor, buffer, held, buffer.length - held, heldAt + held);
    isLast = count === 0;
    const bytes = buffer.subarray(0, held + count);
    let start = 0;
    for (let end = lineEnd(bytes, start, isLast); end >= 0; end = lineEnd(bytes, start, isLast)) {
      number += 1;
      const line = contentOf(bytes, start, end);
      if (line !== undefined) yield { ...line, number, start: heldAt + start };
      start = end + 1;
    }
    heldAt += start;
    held = Math.max(bytes.length - start, 0);
    buffer.copyWithin(0, start, start + held);
  }
}

/** Reads parts of a file as text, one after the other through one piece of memory. */
export function partReader(descriptor: number): (start: number, end: number) => string {
  let buffer = Buffer.alloc(0);
  return (start, end) => {
    const size = end - start;
    if (size > buffer.length) buffer = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const count = readSync(descriptor, buffer, filled, size - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.toString('utf8', 0, filled);
  };
}

/** @returns the offset of the line feed that ends the line, -1 when the chunk holds no whole line */
function lineEnd(bytes: Buffer, start: number, isLast: boolean): number {
  const end = bytes.indexOf(NEWLINE, start);
  return end < 0 && isLast && start < bytes.length ? bytes.length : end;
}

function contentOf(bytes: Buffer, start: number, end: number): Pick<FileLine, 'indent' | 'text'> | undefined {
  let first = start;
  while (first < end && bytes[first] === BLANK) first += 1;
  let content = first;
  while (content < end && SPACES.has(bytes[content] ?? NEWLINE)) content += 1;
  if (content === end || bytes[content] === COMMENT) return undefined;
  return { indent: first - start, text: () => bytes.toString('utf8', first, end) };
}
