import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyJob, DistCpReport, Location } from '@hiveferry/core';
import { isHdfs, namespaceOf, parseDistCpOutput, relativeTo } from '@hiveferry/core';
import type { FileStore } from '@hiveferry/ports';
import { LOG_FILE } from './supervised-child.ts';

const TEMPORARY = '.distcp.tmp.attempt_';

/** What the log of a run says, also when the run was killed in the middle. */
export async function reportIn(directory: string): Promise<DistCpReport> {
  return parseDistCpOutput((await tellingLines(join(directory, LOG_FILE))).join('\n'));
}

/**
 * Removes the temporary files that killed jobs left right below the target: DistCp itself never does.
 *
 * @param jobId of one job; absent: of every job, when none is alive and no other job fills this target
 */
export async function removeTemporaryFiles(files: FileStore, { target }: CopyJob, jobId?: string): Promise<void> {
  if (!isHdfs(namespaceOf(target)) || (await files.status(target)) === undefined) return;
  const prefix = jobId === undefined ? TEMPORARY : `${TEMPORARY}${jobId.slice('job_'.length)}_`;
  const left: Location[] = [];
  for await (const { location } of files.walk(target)) {
    const path = relativeTo(location, target) ?? [];
    const name = path[0] ?? '';
    // HDFS sorts by signed bytes: letters beyond ASCII first, then as here. What begins so stands together.
    if (/^[ -~]/.test(name) && name > `${prefix}\uffff`) break;
    if (path.length === 1 && name.startsWith(prefix)) left.push(location);
  }
  for (const location of left) await files.remove(location);
}

/** In local mode the log has several lines for each file; those only fill the memory. */
const PER_FILE = / (?:INFO|DEBUG) (?:\S*CopyMapper|\S*RetriableFileCopyCommand|\S*LocalJobRunner|\S*SimpleCopyListing): /;
const KEPT_LINES = 20_000;

export async function tellingLines(logFile: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const handle = await open(logFile).catch(() => undefined);
  if (handle === undefined) return lines;
  for await (const line of handle.readLines()) {
    if (!PER_FILE.test(line) && lines.push(line) > 2 * KEPT_LINES) lines.splice(KEPT_LINES / 2, KEPT_LINES);
  }
  return lines;
}
