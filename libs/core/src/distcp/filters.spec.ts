import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Location } from '../model/location.ts';
import { below, parseLocation } from '../model/location.ts';
import type { CopyJob } from '../model/plan.ts';
import { filterLines, isFilteredOut } from './filters.ts';

const at = (...segments: readonly string[]): Location => {
  const root = parseLocation('hdfs://l:8020/');
  if (root === undefined) throw new Error('not a location');
  return below(root, segments);
};

const job = (
  more: { readonly source?: Location; readonly excluded?: readonly Location[]; readonly visible?: readonly Location[] } = {},
): CopyJob => ({
  id: 'copy-1',
  kind: 'pair',
  source: at('s'),
  target: at('t'),
  excluded: [],
  ...more,
});

/** What these lines mean in Java, said in JavaScript. */
function isMatched(lines: readonly string[], path: string): boolean {
  return lines.some((line) => {
    const pattern = line
      .replace('(?s)', '')
      .replaceAll(/\\Q([^]*?)\\E/g, (_, text: string) =>
        text.replaceAll(/[^\w]/g, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`),
      )
      .replaceAll(String.raw`\\E`, String.raw`\\E`)
      .replaceAll(String.raw`\z`, '$');
    return new RegExp(`^(?:${pattern})$`, 'su').test(path);
  });
}

describe('filters of a copy job', () => {
  it('are anchored on the literal source', () => {
    expect(filterLines(job({ source: at('.hid', 'a.b') }))).toEqual([String.raw`(?s)[^/:]+://[^/]*\Q/.hid/a.b\E(?:/.*)?/[_.].*`]);
  });

  it('take an excluded location and what lies below it', () => {
    expect(filterLines(job({ excluded: [at('s', 'p=1')] }))).toContain(String.raw`(?s)[^/:]+://[^/]*\Q/s/p=1\E(?:/.*)?`);
  });

  it('survive a name that ends a Java quote, and one with a line feed', () => {
    const [line] = filterLines(job({ source: at('a\\Eb\nc') }));
    expect(line).toContain(String.raw`\Q/a\E\\E\Qb\E\n\Qc\E`);
  });

  it.each([
    ['f', false],
    ['_SUCCESS', true],
    ['p=1/_meta', true],
    ['.staging/f', true],
    ['p=__HIVE_DEFAULT_PARTITION__/f_1.x', false],
    ['_old/p=1/f', false],
    ['_old/p=1', false],
    ['_old/p=1/_x', true],
    ['_old/p=10/f', true],
    ['_old', true],
    ['out/f', true],
    ['outer/f', false],
  ])('say of %s: %s', (path, expected) => {
    const some = job({ excluded: [at('s', 'out')], visible: [at('s', '_old', 'p=1')] });
    const location = at('s', ...path.split('/'));
    expect(isFilteredOut(some, location)).toBe(expected);
    expect(isMatched(filterLines(some), location)).toBe(expected);
  });

  it('mean the same to DistCp and to us', () => {
    const segment = fc.constantFrom('a', 'b', '_h', '.d', 'p=1', 'p.1');
    const path = fc.array(segment, { minLength: 0, maxLength: 5 });
    const paths = fc.array(path, { maxLength: 4 });
    fc.assert(
      fc.property(path, paths, paths, path, (source, excluded, visible, inner) => {
        const some = job({
          source: at(...source),
          excluded: excluded.map((each) => at(...source, ...each)),
          visible: visible.map((each) => at(...source, ...each)),
        });
        const location = at(...source, ...inner);
        expect(isMatched(filterLines(some), location.replace(/\/$/, ''))).toBe(isFilteredOut(some, location));
      }),
      { numRuns: 2000 },
    );
  });
});
