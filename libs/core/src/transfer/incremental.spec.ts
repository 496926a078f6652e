import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectOf } from '../distcp/effect.ts';
import type { TreeEntry } from '../distcp/effect.ts';
import type { CopyPart, CopyUnit } from '../model/transfer.ts';
import { location } from '../testing/builders.ts';
import { incrementalCopies, recordsOf } from './incremental.ts';
import { planTransfer } from './plan-transfer.ts';
import { aUnit, pairOf, runJobs, transferSettings } from './testing.ts';

const PARTS = ['p=1', 'p=2', 'p=3', 'y=1/m=1', 'y=1/m=2'] as const;

/** Versions of each part and of the rest: what is modified has another one. */
const versions = fc.tuple(...PARTS.map(() => fc.constantFrom('v1', 'v2')), fc.constantFrom('v1', 'v2'));

function unitAt(name: string, found: readonly string[]): CopyUnit {
  const unit = aUnit(name);
  const parts = PARTS.map((path, at): CopyPart => ({ source: `${unit.source}/${path}`, listing: found[at] ?? '' }));
  return { ...unit, parts, rest: { listing: found.at(-1) ?? '' }, size: { bytes: 60, files: 6 } };
}

/** One file in each part and one in none. */
function treeOf({ source }: CopyUnit): readonly TreeEntry[] {
  return ['', ...PARTS].map((path): TreeEntry => ({ location: location(`${source}/${path}/file`), kind: 'file', sizeBytes: 10 }));
}

function landed(units: readonly CopyUnit[], tree: readonly TreeEntry[]): readonly string[] {
  const { effects } = runJobs(planTransfer(units, transferSettings({ jobBytes: 25 })).jobs, { source: tree, target: [] });
  return effects
    .flatMap((effect) => (effect.kind === 'copied' ? effect.files.map(({ source, target }) => `${source} -> ${target}`) : [effect.code]))
    .sort();
}

describe('incremental copies', () => {
  it('bring exactly what changed since it was recorded, each file once and to its place', () => {
    fc.assert(
      fc.property(versions, versions, (before, now) => {
        const tree = treeOf(aUnit('t'));
        const { units, unchanged } = incrementalCopies([unitAt('t', now)], { kind: 'changed', records: recordsOf([unitAt('t', before)]) });
        const paths = [...PARTS.map((path) => `/${path}`), ''];
        const changed = paths.filter((_, at) => before[at] !== now[at]);
        expect(landed(units, tree)).toEqual(changed.map((path) => `hdfs://left/w/t${path}/file -> hdfs://right/x/t${path}/file`).sort());
        expect(unchanged).toHaveLength(paths.length - changed.length);
      }),
      { numRuns: 300 },
    );
  });

  it('bring everything when nothing was recorded, and all of a unit that goes elsewhere now', () => {
    const unit = unitAt('t', ['v1', 'v1', 'v1', 'v1', 'v1', 'v1']);
    const whole = effectOf(pairOf(unit), { source: treeOf(unit), target: [] });
    const wanted = whole.kind === 'copied' ? whole.files.length : 0;
    const moved = { ...unit, target: 'hdfs://right/elsewhere' };
    expect(landed(incrementalCopies([unit], { kind: 'changed', records: [] }).units, treeOf(unit))).toHaveLength(wanted);
    expect(landed(incrementalCopies([moved], { kind: 'changed', records: recordsOf([unit]) }).units, treeOf(unit))).toHaveLength(wanted);
  });

  it('name parts that are gone, and remove nothing', () => {
    const before = unitAt('t', ['v1', 'v1', 'v1', 'v1', 'v1', 'v1']);
    const now = { ...before, parts: before.parts.slice(1) };
    const found = incrementalCopies([now], { kind: 'changed', records: recordsOf([before]) });
    expect(found).toMatchObject({ units: [], gone: ['hdfs://left/w/t/p=1'] });
  });

  it('bring what was modified after a moment, and what nobody knows the time of', () => {
    const { source, ...unit } = aUnit('t');
    const at = (path: string, modifiedAt?: string) => ({ source: `${source}/${path}`, ...(modifiedAt !== undefined && { modifiedAt }) });
    const parts = [at('p=1', '2026-01-01T00:00:00Z'), at('p=2', '2026-03-01T00:00:00Z'), at('p=3')];
    const dated = { ...unit, source, parts, rest: { modifiedAt: '2026-01-15T00:00:00Z' } };
    const { units } = incrementalCopies([dated], { kind: 'modified-after', moment: '2026-02-01T00:00:00Z' });
    expect(units.map((each) => [each.source, each.target])).toEqual([
      [`${source}/p=2`, 'hdfs://right/x/t/p=2'],
      [`${source}/p=3`, 'hdfs://right/x/t/p=3'],
    ]);
  });

  it('bring all of a directory that failed', () => {
    const units = [unitAt('a', []), unitAt('b', [])];
    for (const path of ['hdfs://left/w/a', 'hdfs://left/w/a/']) {
      const found = incrementalCopies(units, { kind: 'failed', paths: [path] }).units;
      expect(found.map(({ source, excluded }) => [source, excluded.length])).toEqual([['hdfs://left/w/a', 0]]);
    }
  });

  it('bring what failed: the part that holds the path, or what lies in no part', () => {
    const units = [unitAt('a', []), unitAt('b', [])];
    const paths = ['hdfs://left/w/a/p=2/file', 'hdfs://left/w/b/other', 'hdfs://left/w/aa/x'];
    const found = incrementalCopies(units, { kind: 'failed', paths }).units;
    expect(found.map(({ source, excluded }) => [source, excluded.length])).toEqual([
      ['hdfs://left/w/a/p=2', 0],
      ['hdfs://left/w/b', PARTS.length],
    ]);
  });
});
