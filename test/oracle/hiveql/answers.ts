import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PARTITION } from '@hiveferry/core';
import { literal } from '../../../libs/core/src/hiveql/quote.ts';
import { HIVES, askHive } from './hive-oracle.ts';
import type { Answer, HiveVersion } from './hive-oracle.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { printedStatements } from './printed.ts';
import type { PrintedStatement } from './printed.ts';

export const VERSIONS = Object.keys(HIVES) as readonly HiveVersion[];

/** What one Hive's code says to all that is asked of it. */
export interface HiveAnswers {
  /** By digest of the statement: `ok`, or what the parser said. */
  readonly statements: Readonly<Record<string, string>>;
  /** What each hostile text, printed as a literal, means. */
  readonly literals: readonly string[];
  /** Name of each partition of `PARTITIONS`. */
  readonly partitionNames: readonly string[];
}

export const ANSWERS_FILE = join(import.meta.dirname, 'recorded', 'answers.json');

/** Each hostile text as key and as value, the default partition, letters of each case. */
export const PARTITIONS = [
  ...HOSTILE_TEXTS.map((text) => ({ keys: [text, 'dt'], values: ['x', text] })),
  ...Array.from({ length: 256 }, (_, code) => ({ keys: ['p'], values: [`a${String.fromCharCode(code)}b`] })),
  { keys: ['Upper', 'p'], values: ['UPPER', DEFAULT_PARTITION] },
  { keys: ['p', 'q'], values: ['', ''] },
] as const;

export function readAnswers(): Readonly<Record<HiveVersion, HiveAnswers>> {
  return JSON.parse(readFileSync(ANSWERS_FILE, 'utf8')) as Readonly<Record<HiveVersion, HiveAnswers>>;
}

export function statementsFor(version: HiveVersion): readonly PrintedStatement[] {
  return printedStatements().filter(({ versions }) => versions.includes(version));
}

export function digestOf({ sql }: PrintedStatement): string {
  return createHash('sha256').update(sql).digest('hex').slice(0, 16);
}

/** The trees of all printed statements, in their order. */
export async function treesOf(version: HiveVersion): Promise<readonly Answer[]> {
  return await askHive(
    version,
    statementsFor(version).map(({ sql }) => ({ ask: 'parse', sql })),
  );
}

export async function answersOf(version: HiveVersion): Promise<HiveAnswers> {
  const statements = statementsFor(version);
  const answers = await askHive(version, [
    ...statements.map(({ sql }) => ({ ask: 'parse', sql }) as const),
    ...HOSTILE_TEXTS.map((text) => ({ ask: 'literal', sql: literal(text) }) as const),
    ...PARTITIONS.map((partition) => ({ ask: 'partition', ...partition }) as const),
  ]);
  const [parsed, read, named] = [
    answers.slice(0, statements.length),
    answers.slice(statements.length, statements.length + HOSTILE_TEXTS.length),
    answers.slice(statements.length + HOSTILE_TEXTS.length),
  ];
  return {
    statements: Object.fromEntries(statements.map((statement, index) => [digestOf(statement), verdict(parsed[index])])),
    literals: read.map(({ text }) => text),
    partitionNames: named.map(({ text }) => text),
  };
}

function verdict(answer: Answer | undefined): string {
  return answer?.ok === true ? 'ok' : (answer?.text ?? 'no answer');
}
