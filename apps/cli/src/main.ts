import { nodeVersionProblem } from '../../../libs/platform/src/node-version.ts';

const problem = nodeVersionProblem(process.versions.node);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
// Everything else is loaded only now: an older Node would stop at its first new word.
const { runCommand } = await import('./commands.ts');
// Who reads no more (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  home: process.env['HOME'] ?? '/',
});
