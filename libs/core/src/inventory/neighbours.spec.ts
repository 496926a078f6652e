import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../model/location.ts';
import { displayName } from '../model/table.ts';
import { location } from '../testing/builders.ts';
import { neighboursByTable } from './neighbours.ts';
import type { Neighbour } from './table-input.ts';

const neighbour = (name: string, path: string): Neighbour => ({
  table: { database: 'd', table: name },
  location: location(`hdfs://left${path}`),
});
const names = (list: readonly Neighbour[] = []): readonly string[] => list.map(({ table }) => table.table).sort();

describe('neighbours', () => {
  it('finds what lies inside, but not what has a longer name beside', () => {
    const found = neighboursByTable([neighbour('a', '/x/a'), neighbour('b', '/x/a/b'), neighbour('c', '/x/a-c'), neighbour('d', '/x')]);
    expect(names(found.get('d.a'))).toEqual(['b']);
    expect(names(found.get('d.d'))).toEqual(['a', 'b', 'c']);
    expect(found.get('d.b')).toBeUndefined();
  });

  it('finds tables that share a location from both sides', () => {
    const found = neighboursByTable([neighbour('a', '/x'), neighbour('b', '/x')]);
    expect([names(found.get('d.a')), names(found.get('d.b'))]).toEqual([['b'], ['a']]);
  });

  it('agrees with comparing each with each', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'a-', 'a b'), { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
    fc.assert(
      fc.property(fc.array(path, { maxLength: 12 }), (paths) => {
        const tables = paths.map((text, index) => neighbour(`t${index}`, text));
        const found = neighboursByTable(tables);
        for (const table of tables) {
          const expected = tables.filter((other) => other !== table && isWithin(other.location, table.location));
          expect(names(found.get(displayName(table.table)))).toEqual(names(expected));
        }
      }),
    );
  });
});
