import { describe, expect, it } from 'vitest';
import type { SnapshotInput } from './snapshot-diff.ts';
import { snapshotDiff } from './snapshot-diff.ts';
import { aUnit } from './testing.ts';

const unit = aUnit('t');
const facts = (source: readonly string[], target: readonly string[], more: Partial<SnapshotInput> = {}): SnapshotInput => ({
  source: { snapshots: { [unit.source]: source } },
  target: { snapshots: { [unit.target]: target } },
  mayRemove: true,
  isTargetChanged: false,
  ...more,
});

describe('the difference of snapshots', () => {
  it('goes from the latest that both sides have to the latest of the source, which the target is to get at once', () => {
    expect(snapshotDiff(unit, facts(['s1', 's2', 's3'], ['s1', 's2']))).toEqual({
      kind: 'diff',
      from: 's2',
      to: 's3',
      createAtTarget: 's3',
    });
  });

  it.each([
    ['no snapshot of the same name', unit, facts(['s1'], ['x'])],
    ['no snapshot after s1', unit, facts(['s1'], ['s1'])],
    ['has snapshots after s1', unit, facts(['s1', 's2'], ['s1', 'own'])],
    ['was changed since s1', unit, facts(['s1', 's2'], ['s1'], { isTargetChanged: true })],
    ['allow TARGET_FILES_REMOVED', unit, facts(['s1', 's2'], ['s1'], { mayRemove: false })],
    ['hdfs://left/w/t is not snapshottable', unit, { ...facts([], ['s1']), source: { snapshots: {} } }],
    ['hdfs://right/x/t is not snapshottable', unit, { ...facts(['s1'], []), target: { snapshots: {} } }],
    ['which a difference cannot do', aUnit('t', { excluded: [`${unit.source}/x`] }), facts(['s1', 's2'], ['s1'])],
    ['must be HDFS', aUnit('t', { target: 's3a://b/t' }), facts(['s1', 's2'], ['s1'])],
  ])('is refused: %s', (reason, refusedUnit, input) => {
    expect(snapshotDiff(refusedUnit, input)).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
  });
});
