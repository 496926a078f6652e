/** Builds the standalone service when a source is newer than the last build; `./ferry` does so before it executes a plan. */
import { buildService } from './support/service.ts';

try {
  buildService();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
