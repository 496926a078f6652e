import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScriptCopy } from '../model/script-plan.ts';
import { scriptSettings } from '../testing/script-builders.ts';
import { consolidateCopies } from './consolidate-copies.ts';

const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const copy: fc.Arbitrary<ScriptCopy> = fc.record({
  side: fc.constantFrom('source', 'target'),
  source: path.map((text) => `hdfs://OLD/${text}`),
  target: path.map((text) => `hdfs://NEW/x/${text}`),
});

/** What lies at `rest` below the source lies at `rest` below the target when the outer copy is done. */
function brings(outer: ScriptCopy, inner: ScriptCopy): boolean {
  const rest = inner.source.slice(outer.source.length);
  return outer.side === inner.side && rest.startsWith('/') && inner.source === outer.source + rest && inner.target === outer.target + rest;
}

/** The copies of the innermost directory around that of a copy. */
function around(inner: ScriptCopy, copies: readonly ScriptCopy[]): readonly ScriptCopy[] {
  const outer = copies.filter(({ side, source }) => side === inner.side && inner.source.startsWith(`${source}/`));
  const length = Math.max(...outer.map(({ source }) => source.length));
  return outer.filter(({ source }) => source.length === length);
}

function textOf({ source, target, side }: ScriptCopy): string {
  return [source, target, side].join('\u0000');
}

describe('copies of a database', () => {
  it('are those that the innermost one around them does not bring along, each once, by source', () => {
    fc.assert(
      fc.property(fc.array(copy, { maxLength: 12 }), (copies) => {
        const wanted = copies.filter((inner) => !around(inner, copies).some((outer) => brings(outer, inner))).map(textOf);
        const { copies: kept } = consolidateCopies(copies, scriptSettings(), { name: 'sales', locations: [] });
        expect(kept.map(textOf)).toEqual([...new Set(wanted)].sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('are the same in any order', () => {
    fc.assert(
      fc.property(fc.array(copy, { maxLength: 12 }), (copies) => {
        const settings = scriptSettings();
        const database = { name: 'sales', locations: [] };
        expect(consolidateCopies(copies.toReversed(), settings, database)).toEqual(consolidateCopies(copies, settings, database));
      }),
    );
  });
});
