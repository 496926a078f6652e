import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectOf } from '../distcp/effect.ts';
import type { TreeEntry } from '../distcp/effect.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import { consolidateCopies } from '../plan/consolidate-copies.ts';
import { location } from '../testing/builders.ts';
import { scriptSettings } from '../testing/script-builders.ts';
import { planTransfer } from './plan-transfer.ts';
import { distcpJobsOf, pairOf, transferSettings } from './testing.ts';
import { unitsOfScripts } from './units-of-scripts.ts';

const directories = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** Each directory has one destination of its own; destinations do not hold each other. */
const copiesOfTables = fc.uniqueArray(fc.tuple(directories, fc.boolean()), { maxLength: 8, selector: ([path]) => path }).map((tables) =>
  tables.map(([path, keeps], index): ScriptCopy => ({
    side: 'target',
    source: `hdfs://OLD/w/${path}`,
    target: keeps ? `hdfs://NEW/w/${path}` : `hdfs://NEW/other/t${index}`,
  })),
);
const files = fc
  .uniqueArray(directories, { maxLength: 10 })
  .map((paths) => paths.map((path): TreeEntry => ({ location: location(`hdfs://OLD/w/${path}/file`), kind: 'file', sizeBytes: 1 })));

/** Where the file of the innermost directory with a destination goes. */
function wantedTarget(file: string, copies: readonly ScriptCopy[]): readonly string[] {
  const holders = copies.filter(({ source }) => file.startsWith(`${source}/`)).toSorted((a, b) => b.source.length - a.source.length);
  return holders.slice(0, 1).map(({ source, target }) => `${file} -> ${target}${file.slice(source.length)}`);
}

describe('copies of a script as units', () => {
  it('bring each file once, to the destination of the innermost directory that has one', () => {
    fc.assert(
      fc.property(copiesOfTables, files, (tables, tree) => {
        const { copies } = consolidateCopies(tables, scriptSettings(), { name: 'shop', locations: [] });
        const sources = copies.map(({ source }) => location(source));
        const there = [...tree, ...sources.map((source): TreeEntry => ({ location: source, kind: 'directory', sizeBytes: 0 }))];
        const landed = unitsOfScripts(copies).flatMap((unit) => {
          const effect = effectOf(pairOf(unit), { source: there, target: [] });
          return effect.kind === 'copied' ? effect.files.map(({ source, target }) => `${source} -> ${target}`) : [effect.code];
        });
        expect(landed.toSorted()).toEqual(tree.flatMap((file) => wantedTarget(file.location, tables)).toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('fetch from the intermediate storage what was brought there, and only then', () => {
    const copies: ScriptCopy[] = [
      { side: 'target', source: 's3a://between/run/shop.db/a', target: 'hdfs://NEW/a' },
      { side: 'target', source: 's3a://between/run/shop.db/b', target: 'hdfs://NEW/b' },
      { side: 'source', source: 'hdfs://OLD/a', target: 's3a://between/run/shop.db/a' },
      { side: 'source', source: 'hdfs://OLD/b', target: 's3a://between/run/shop.db/b' },
    ];
    const { jobs } = planTransfer(unitsOfScripts(copies), transferSettings());
    const order = jobs.map(({ id, after, copies: [copy] }) => [id, copy?.source.slice(-1), copy?.target.split(':')[0], after]);
    expect(order).toEqual([
      ['job-1', 'a', 's3a', []],
      ['job-2', 'b', 's3a', []],
      ['job-3', 'a', 'hdfs', ['job-1']],
      ['job-4', 'b', 'hdfs', ['job-2']],
    ]);
  });

  it('are split by their tables when a whole directory is copied', () => {
    const sized = (name: string, bytes: number): ScriptCopy => ({
      side: 'target',
      source: `hdfs://OLD/w/shop.db/${name}`,
      target: `hdfs://NEW/w/shop.db/${name}`,
      size: { bytes, files: 1 },
    });
    const settings = scriptSettings();
    const consolidating = { ...settings, movement: { ...settings.movement, consolidateTables: true } };
    const { copies } = consolidateCopies([sized('a', 10), sized('b', 30), sized('c', 10)], consolidating, { name: 'shop', locations: [] });
    expect(copies.map(({ source, size }) => [source, size])).toEqual([['hdfs://OLD/w/shop.db', { bytes: 50, files: 3 }]]);
    const { jobs } = planTransfer(unitsOfScripts(copies), transferSettings({ jobBytes: 25, packing: 'none' }));
    expect(
      jobs.flatMap((job) => distcpJobsOf(job, () => false)).map((job) => [job.kind === 'pair' ? job.source : '', job.excluded]),
    ).toEqual([
      ['hdfs://OLD/w/shop.db', ['hdfs://OLD/w/shop.db/b']],
      ['hdfs://OLD/w/shop.db/b', []],
    ]);
  });
});
