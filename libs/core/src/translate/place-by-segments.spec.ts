import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPlace, lastNameIn, namespaceIn, parentOf, pathIn, restBelow } from './place.ts';

const piece = fc.constantFrom('a', 'b.db', 'k=1', 'é', '..', '/', '/', '//');
const location = fc
  .tuple(fc.constantFrom('', '', 'hdfs://N', 's3a://bucket'), fc.array(piece, { maxLength: 8 }))
  .map(([namespace, pieces]) => `${namespace}${namespace === '' ? '' : '/'}${pieces.join('')}`);

/** What the faster functions must equal: a location taken apart into its segments. */
function segmentsOf(text: string): readonly string[] {
  return text
    .slice((namespaceIn(text) ?? '').length)
    .split('/')
    .filter((segment) => segment !== '');
}

function joined(text: string, segments: readonly string[]): string {
  return `${namespaceIn(text) ?? ''}/${segments.join('/')}`;
}

describe('a place', () => {
  it('is what its segments are', () => {
    fc.assert(
      fc.property(location, (text) => {
        const segments = segmentsOf(text);
        expect(canonicalPlace(text)).toBe(joined(text, segments));
        expect(pathIn(text)).toBe(`/${segments.join('/')}`);
        expect(parentOf(text)).toBe(joined(text, segments.slice(0, -1)));
        expect(lastNameIn(text)).toBe(segments.at(-1) ?? '');
      }),
    );
  });

  it('lies below another by whole segments', () => {
    fc.assert(
      fc.property(location, location, fc.boolean(), (outer, other, isBelow) => {
        const inner = isBelow ? `${outer}/${pathIn(other)}` : other;
        const [below, above] = [segmentsOf(inner), segmentsOf(outer)];
        const isWithin = namespaceIn(inner) === namespaceIn(outer) && above.every((segment, index) => segment === below[index]);
        expect(restBelow(inner, outer)).toBe(isWithin ? below.slice(above.length).join('/') : undefined);
      }),
    );
  });
});
