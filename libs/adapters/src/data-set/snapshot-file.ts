import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { SnapshotLine } from '@hiveferry/contracts';
import { badDataSet } from './yaml-node.ts';

/**
 * Reads a snapshot line by line; the first one is its header.
 *
 * @throws MigrationError DATA_SET_INVALID, which names file and line
 */
export async function* readSnapshot(file: string): AsyncGenerator<SnapshotLine> {
  // Loaded for snapshots only: with it come the shapes of HTTP.
  const { parseSnapshotLine } = await import('@hiveferry/contracts');
  let number = 0;
  for await (const text of linesOf(file)) {
    number += 1;
    const parsed = parseSnapshotLine(text);
    if (parsed.kind === 'unreadable') throw badDataSet(`Snapshot ${file}, line ${number}: ${parsed.reason}`, file);
    if ((number === 1) !== (parsed.line.type === 'snapshot')) {
      throw badDataSet(`Snapshot ${file}, line ${number}: expected a header first, and one only.`, file);
    }
    yield parsed.line;
  }
  if (number === 0) throw badDataSet(`Snapshot ${file}: expected a header in its first line, found an empty file.`, file);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  const opened = new Promise<undefined>((resolve, reject) => {
    input.once('open', () => {
      resolve(undefined);
    });
    input.once('error', reject);
  });
  try {
    await opened;
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badDataSet(`Snapshot ${file}: expected a file that can be read, found: ${reason}.`, file, cause);
  }
}
