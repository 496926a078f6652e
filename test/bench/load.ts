/** Runs a file that imports Nest classes: Node strips types, but it does not know decorators. Its arguments follow. */
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file = ''] = process.argv.splice(2, 1);
await runnerImport(resolve(file), { resolve: { tsconfigPaths: true }, logLevel: 'error' });
