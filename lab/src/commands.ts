/** Runs other programs and finds those the lab cannot do without. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs to the end and gives stdout; throws with the last lines of both streams when the exit code is not 0. */
export async function run(command: Command): Promise<string> {
  const [program = '', ...args] = command.argv;
  const { env, cwd, uid, gid } = command;
  const user = uid === undefined || gid === undefined ? {} : { uid, gid };
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...user,
  });
  const chunks: { stdout: string; all: string } = { stdout: '', all: '' };
  child.stdout.on('data', (data: Buffer) => {
    chunks.stdout += data.toString();
    chunks.all += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => (chunks.all += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${code ?? 'a signal'}:\n${lastLines(chunks.all, 20)}`);
  return chunks.stdout;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** The JDK 17's `bin` folder. Hive 3.1.3 is proven on 17 and on no newer Java. */
export function jdkBin(): string {
  const candidates = [process.env['JAVA_HOME'], ...javaHomes()].flatMap((home) => (home === undefined ? [] : [join(home, 'bin')]));
  const found = ['', ...candidates].find((bin) => versionOf(join(bin, 'javac')).startsWith('javac 17'));
  if (found === undefined) throw new Error(`JDK 17 is missing (javac 17 was not found). ${installAdvice()}`);
  return found;
}

export function requireProgram(program: string): void {
  if (versionOf(program) === '') throw new Error(`${program} is missing. ${installAdvice()}`);
}

function javaHomes(): readonly string[] {
  const base = '/usr/lib/jvm';
  return existsSync(base) ? readdirSync(base).map((name) => join(base, name)) : [];
}

function versionOf(program: string): string {
  const flag = program.endsWith('javac') ? '-version' : '--version';
  const answer = spawnSync(program, [flag], { encoding: 'utf8' });
  return answer.error || answer.status !== 0 ? '' : `${answer.stdout}${answer.stderr}`.trim();
}

function installAdvice(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const line = 'apt-get install -y openjdk-17-jdk-headless maven python3-venv';
  if (!/debian|ubuntu/i.test(release)) return 'The lab needs JDK 17, Maven and Python 3 with venv.';
  return process.getuid?.() === 0 ? `Install what the lab needs: ${line}` : `Install what the lab needs: sudo ${line}`;
}
