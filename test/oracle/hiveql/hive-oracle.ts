import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareCache } from '../../../lab/src/cache.ts';

/** Which Hive's code answers: that of the lab's source or of its target. */
export const HIVES = { '3.1.3': 'hive3', '4.0.1': 'hive4' } as const;
export type HiveVersion = keyof typeof HIVES;

export type Question =
  /** The whole way of a statement in HiveServer2 up to its tree: variables are put in, then it is parsed. */
  | { readonly ask: 'parse'; readonly sql: string }
  /** What a quoted literal means. */
  | { readonly ask: 'literal'; readonly sql: string }
  /** The name of a partition. */
  | { readonly ask: 'partition'; readonly keys: readonly string[]; readonly values: readonly string[] };

export interface Answer {
  readonly ok: boolean;
  /** The tree, the text, the name; or Hive's message. */
  readonly text: string;
}

const OPENS = ['java.lang', 'java.util', 'java.net'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

/** Asks Hive's own code; one JVM answers all questions, in some 7 seconds and a millisecond each. */
export async function askHive(version: HiveVersion, questions: readonly Question[]): Promise<readonly Answer[]> {
  const cache = await prepareCache(() => undefined);
  const flags = [
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dfile.encoding=UTF-8',
    `-Djava.io.tmpdir=${tmpdir()}`,
    ...OPENS,
  ];
  const program = join(import.meta.dirname, 'HiveOracle.java');
  const output = await converse([cache.java, ...flags, '-cp', `${cache.jars[HIVES[version]]}/*`, program], questions.map(lineOf).join(''));
  const answers = output.trimEnd().split('\n').map(readAnswer);
  if (answers.length !== questions.length)
    throw new Error(`Hive ${version} gave ${answers.length} answers to ${questions.length} questions`);
  return answers;
}

function lineOf(question: Question): string {
  const texts = question.ask === 'partition' ? [...question.keys, ...question.values] : [question.sql];
  // A mark before each text: Base64 of an empty one would be no word.
  return `${[question.ask, ...texts.map((text) => `=${Buffer.from(text).toString('base64')}`)].join(' ')}\n`;
}

function readAnswer(line: string): Answer {
  const [word, text = ''] = line.split(' ');
  return { ok: word === 'ok', text: Buffer.from(text, 'base64').toString() };
}

async function converse([program = '', ...args]: readonly string[], input: string): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { out: '', error: '' };
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString('latin1')));
  child.stderr.on('data', (data: Buffer) => (said.error = (said.error + data.toString()).slice(-4000)));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the oracle of Hive ended with ${code ?? 'a signal'}: ${said.error}`);
  return said.out;
}
