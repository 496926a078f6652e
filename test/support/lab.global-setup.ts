/**
 * Brings the lab up with the `tiny` data set for the e2e suites; it stays up, so that the next run starts at once.
 * `HIVEFERRY_TEST_DATA=none` leaves the data out, for a suite that makes its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labUp, loadData } from '../../lab/src/index.ts';

export const setup = async (): Promise<() => void> => {
  const compiled = mkdtempSync(join(tmpdir(), 'hiveferry-compiled-'));
  // The suites start a hundred processes of the same programs: Node compiles them once, which is a third of their start.
  process.env['NODE_COMPILE_CACHE'] ??= compiled;
  await labUp();
  if (process.env['HIVEFERRY_TEST_DATA'] !== 'none') await loadData('tiny');
  return () => rmSync(compiled, { recursive: true, force: true });
};
