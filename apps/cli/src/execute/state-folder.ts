import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Runs whose plans are approved: from here on only they may finish what they began. */
const Approved = z.object({
  fingerprint: z.string(),
  runs: z.array(
    z.object({
      name: z.string(),
      runId: z.string(),
      /** Of what was approved, by target. */
      planHashes: z.record(z.string(), z.string()).exactOptional(),
    }),
  ),
});
export type Approved = z.infer<typeof Approved>;
export type NamedRun = Approved['runs'][number];

/** Where the service keeps its state until all that was approved is done. One a folder of reports. */
export interface StateFolder {
  readonly directory: string;
  /** What an earlier command has approved and not finished. */
  readonly approved: () => Approved | undefined;
  readonly approve: (approved: Approved) => void;
  /** All that was approved is done. */
  readonly settle: () => void;
  /** Forgets everything, unless the service of another process works there: only when nothing is approved. */
  readonly clear: () => void;
}

const FILE = 'approved.json';

/** @param reports the folder that plans and reports are written to */
export function openStateFolder(reports: string): StateFolder {
  const directory = join(placeOf(reports), `execute-${hashOf(resolve(reports)).slice(0, 12)}`);
  const file = join(directory, FILE);
  return {
    directory,
    approved: () => (existsSync(file) ? Approved.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined),
    approve: (approved) => {
      mkdirSync(directory, { recursive: true, mode: 0o755 });
      // Beside, then renamed: a machine that goes down leaves the whole file or none.
      writeFileSync(`${file}.new`, JSON.stringify(approved), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    settle: () => rmSync(file, { force: true }),
    clear: () => {
      if (!isUsedByAnother(directory)) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The service notes its process beside its Postgres, and does not start where another one lives. */
function isUsedByAnother(directory: string): boolean {
  const note = join(directory, 'postgres', 'service.pid');
  const pid = existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0;
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What stays the same as long as the same thing is asked for. */
export const fingerprintOf = (asked: unknown): string => hashOf(JSON.stringify(asked));

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As root the embedded Postgres runs as another user, who cannot enter a home directory. */
function placeOf(reports: string): string {
  const given = process.env['FERRY_DATA_DIR'] ?? '';
  if (given !== '') return resolve(given);
  return process.getuid?.() === 0 ? '/var/lib/hiveferry' : join(resolve(reports), '.state');
}
