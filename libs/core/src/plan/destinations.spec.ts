import { describe, expect, it } from 'vitest';
import { isRefusal } from '../issues.ts';
import { anInput, location } from '../testing/builders.ts';
import { destinationClashes, refusePlan } from './destinations.ts';
import type { Destination } from './destinations.ts';
import { planTable } from '../pipeline.ts';

const copy = (table: string, source: string, target: string): Destination => ({
  table: { database: 'd', table },
  source: location(`hdfs://left${source}`),
  target: location(`hdfs://right${target}`),
});
const clashing = (...copies: readonly Destination[]): readonly string[] => [...destinationClashes(copies).keys()].sort();

describe('destinations of a run', () => {
  it('clash when two sources go to one place', () => {
    expect(clashing(copy('a', '/x/t', '/t'), copy('b', '/y/t', '/t'), copy('c', '/x/u', '/u'))).toEqual(['d.a', 'd.b']);
  });

  it('clash when one goes into another that does not hold it at the source', () => {
    expect(clashing(copy('a', '/x', '/t'), copy('b', '/y', '/t/deeper'))).toEqual(['d.a', 'd.b']);
  });

  it('clash whatever the tables are called', () => {
    expect(clashing(copy('outer', '/x', '/t'), copy('inner', '/y', '/t/a'))).toEqual(['d.inner', 'd.outer']);
  });

  it('are fine for tables that share a directory or lie in one another at the source too', () => {
    expect(clashing(copy('a', '/x', '/t'), copy('b', '/x', '/t'), copy('c', '/x/n', '/t/n'))).toEqual([]);
  });

  it('of rows that Hive writes are shared by no two tables, even where the source does', () => {
    const written = (each: Destination): Destination => ({ ...each, isWritten: true });
    expect(clashing(written(copy('a', '/x', '/t')), written(copy('b', '/x', '/t')))).toEqual(['d.a', 'd.b']);
    expect(clashing(copy('a', '/x', '/t'), written(copy('b', '/x/n', '/t/n')))).toEqual(['d.a', 'd.b']);
    expect(clashing(written(copy('a', '/x', '/t')), written(copy('b', '/y', '/u')))).toEqual([]);
  });

  it('of tables that are used there at once hold no files of one another, not even those that they share at the source', () => {
    const moved = (each: Destination, ...leavesOut: readonly string[]): Destination => ({
      ...each,
      leavesOut: leavesOut.map((path) => location(`hdfs://left${path}`)),
    });
    expect(clashing(moved(copy('a', '/x', '/t')), moved(copy('b', '/x', '/t')))).toEqual(['d.a', 'd.b']);
    expect(clashing(moved(copy('a', '/x', '/t')), moved(copy('b', '/x/n', '/t/n')))).toEqual(['d.a', 'd.b']);
    expect(clashing(moved(copy('a', '/x', '/t'), '/x/n'), moved(copy('b', '/x/n', '/t/n')))).toEqual([]);
    expect(clashing(moved(copy('a', '/x', '/t')), moved(copy('a', '/x/n', '/t/n')))).toEqual([]);
  });

  it('are fine beside each other with a common beginning of the name', () => {
    expect(clashing(copy('a', '/x', '/t'), copy('b', '/y', '/t-2'))).toEqual([]);
  });

  it('turn a plan into a refusal that does nothing', () => {
    const plan = planTable(anInput());
    const [refusal] = destinationClashes([copy('a', '/x', '/t'), copy('b', '/y', '/t')]).values();
    if (refusal === undefined) throw new Error('no clash');
    const refused = refusePlan(plan, refusal);
    expect([refused.decision, refused.copyJobs, refused.statements, refused.issues.some(isRefusal)]).toEqual(['REFUSED', [], [], true]);
  });
});
