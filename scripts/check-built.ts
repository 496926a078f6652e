/**
 * Starts each built program under plain Node, as far as it goes without a valid configuration: then all its modules are loaded. Vitest finds named
 * exports of CommonJS packages that Node does not, so that green suites do not show that a process starts.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** What it says when it came so far, with exit code 2. */
  readonly says: RegExp;
}

const PROGRAMS: readonly Program[] = [
  ...['standalone', 'api', 'planner', 'executor'].map((name) => ({ name: `${name}/src/main.js`, args: [], says: /FERRY_HTTP_PORT/ })),
  { name: 'planner/src/topics.main.js', args: ['not a cluster'], says: /expected names of clusters/ },
];
const root = join(import.meta.dirname, '..');

const problems = (await Promise.all(PROGRAMS.map(problemOf))).flat();
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${String(PROGRAMS.length)} built programs load.`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function problemOf({ name, args, says }: Program): Promise<readonly string[]> {
  const file = join(root, 'dist', 'apps', name);
  if (!existsSync(file)) return [`${name} is not built: npm run build`];
  const { code, text } = await run([file, ...args]);
  if (code === 2 && says.test(text)) return [];
  return [`${name}: expected exit code 2 and a word on ${says.source}; found ${String(code)} and\n${text}`];
}

function run(argv: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], FERRY_HTTP_PORT: 'no port' };
    const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}
