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

const plain = hostileScripts('plain');
const plainShapes = new Set(plain.map(shapeOf));

describe('scripts of all strategies', () => {
  it('are there for each', () => {
    const silent = Object.keys(VARIANTS).filter((variant) => !plain.some((statement) => statement.variant === variant));
    expect(silent).toEqual([]);
  });

  it.each(HOSTILE_TEXTS.map((text) => [text.slice(0, 40), text]))('hold %j inside of its quotes, as every name and value', (_, text) => {
    const statements = hostileScripts(text);
    // A slash in a name changes where the table lies, so that some strategies do less.
    expect(statements.length).toBeGreaterThanOrEqual(text.includes('/') ? 0.9 * plain.length : plain.length);
    expect(statements.filter((statement) => !plainShapes.has(shapeOf(statement))).map(({ sql }) => sql)).toEqual([]);
  });
});
