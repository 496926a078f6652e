import { describe, expect, it } from 'vitest';
import { tokenAt } from '../../../libs/core/src/hiveql/parse/tokens.ts';
import { VARIANTS, hostileScripts } from './hostile-scripts.ts';
import type { HostileStatement } from './hostile-scripts.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** Words and marks of a statement; every quoted name and literal is only that it is one. */
function shapeOf({ variant, table, side, sql }: HostileStatement): string {
  const shape = [variant, table, side];
  for (let token = tokenAt(sql, 0); token.kind !== 'end'; token = tokenAt(sql, token.end)) {
    shape.push(token.kind === 'word' || token.kind === 'symbol' ? token.text : token.kind);
  }
  return shape.join(' ');
}

/** HiveServer2 would replace it, also between backticks. */
const isVariable = (text: string): boolean => text.includes('${');

const plain = hostileScripts('plain');
const plainShapes = new Set(plain.map(shapeOf));

/** A slash in a name changes where the table lies, so that some strategies do less; names that Hive would substitute are refused. */
function leastOf(text: string): number {
  if (/\$\{[^}$ ]+\}/.test(text)) return 0;
  return text.includes('/') ? 0.85 * plain.length : plain.length;
}

describe('scripts of all strategies', () => {
  it('are there for each', () => {
    const silent = Object.keys(VARIANTS).filter((variant) => !plain.some((statement) => statement.variant === variant));
    expect(silent).toEqual([]);
  });

  it.each(HOSTILE_TEXTS.filter((text) => !isVariable(text)).map((text) => [text.slice(0, 40), text]))(
    'hold %j inside of its quotes, as every name and value',
    (_, text) => {
      const statements = hostileScripts(text);
      expect(statements.length).toBeGreaterThanOrEqual(leastOf(text));
      expect(statements.filter((statement) => !plainShapes.has(shapeOf(statement))).map(({ sql }) => sql)).toEqual([]);
    },
  );

  it.each(HOSTILE_TEXTS.filter(isVariable))('are not written for names that hold %j', (text) => {
    expect(hostileScripts(text)).toEqual([]);
  });
});
