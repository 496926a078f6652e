import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCopyJob } from '../distcp/check-copy-job.ts';
import { effectOf } from '../distcp/effect.ts';
import { isFilteredOut } from '../distcp/filters.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { copyRootsOf } from './copy-roots.ts';
import { planTable } from '../pipeline.ts';
import { isBelowAny, isHidden } from '../inventory/hidden.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { below, isWithin, relativeTo } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import { aColumn, aPartition, aTable, anInput, location } from '../testing/builders.ts';

const ROOT = 'hdfs://left:8020/data';
const segment = fc.constantFrom('a', 'b', '_p', 'dt=1', 'a b', '[x]');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const rule = fc
  .record({ from: path, to: path })
  .map(({ from, to }) => ({ from: location(`${ROOT}/${from}`), to: location(`hdfs://right:9020/mapped/${to}`) }));

/** Tables, partitions, neighbours and location maps on few names, so that they nest and collide often. */
const inputs: fc.Arbitrary<TableInput> = fc
  .record({
    table: path,
    partitions: fc.array(path, { maxLength: 5 }),
    neighbours: fc.array(path, { maxLength: 2 }),
    rules: fc.array(rule, { maxLength: 2 }),
  })
  .map(({ table, partitions, neighbours, rules }) =>
    anInput({
      table: aTable({ partitionKeys: [aColumn('k string')], storage: { location: `${ROOT}/${table}` } }),
      partitions: partitions.map((text, index) => aPartition([String(index)], `${ROOT}/${text}`)),
      neighbours: neighbours
        .map((text, index) => ({ table: { database: 'other', table: `n${index}` }, location: location(`${ROOT}/${text}`) }))
        .filter((neighbour) => isWithin(neighbour.location, location(`${ROOT}/${table}`))),
      settings: { locationMap: rules },
    }),
  );

/** A file directly in each directory that can matter. */
const files: readonly Location[] = fc.sample(path, { numRuns: 150, seed: 7 }).map((text) => location(`${ROOT}/${text}/file`));
const world = [...new Set(files)].map((file) => ({ location: file, kind: 'file', sizeBytes: 1 }) as const);

const migrated = (input: TableInput): TablePlan | undefined => {
  const plan = planTable(input);
  return plan.decision === 'MIGRATE' ? plan : undefined;
};

/** Where the new metadata says that a file is: relative to its innermost partition, else to the table. */
function expectedPlace(file: Location, plan: TablePlan, tableFrom: Location): Location | undefined {
  const holders = [
    ...plan.partitions.map(({ source, target }) => ({ source, target })),
    { source: tableFrom, target: location(plan.expected?.storage.location ?? '') },
  ]
    .filter(({ source }) => isWithin(file, source))
    .sort((a, b) => b.source.length - a.source.length);
  const [holder] = holders;
  return holder === undefined ? undefined : below(holder.target, relativeTo(file, holder.source) ?? []);
}

describe('copy jobs', () => {
  it('copy every file of the table and its partitions once, to where the new metadata says', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = migrated(input);
        const tableFrom = location(input.source.table.storage.location ?? '');
        if (plan === undefined) return;
        for (const { location: file } of world) {
          const roots = copyRootsOf(plan).filter((root) => isInRoot(file, root));
          const landed = roots.map((root) => below(root.target, relativeTo(file, root.source) ?? []));
          const isOwn = expectedPlace(file, plan, tableFrom) !== undefined;
          const isForeign = plan.copyJobs.some(({ excluded }) => excluded.some((outer) => isWithin(file, outer))) && landed.length === 0;
          const isHiddenFile = isOwn && !isForeign && landed.length === 0;
          if (landed.length > 0) expect(landed).toEqual([expectedPlace(file, plan, tableFrom)]);
          if (isHiddenFile) expect(file).toMatch(/\/_p/);
          if (plan.partitions.some(({ source }) => location(`${source}/file`) === file)) expect(landed).toHaveLength(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('filter the same files as the measurement leaves out', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = migrated(input);
        if (plan === undefined) return;
        for (const root of copyRootsOf(plan)) {
          const job = plan.copyJobs.find(({ id }) => id === root.id);
          const below = world.filter((file) => isWithin(file.location, root.source));
          for (const file of below)
            expect([file.location, job !== undefined && !isFilteredOut(job, file.location)]).toEqual([
              file.location,
              isInRoot(file.location, root),
            ]);
        }
      }),
    );
  });

  it('land where the plan says, by what DistCp does', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = migrated(input);
        if (plan === undefined) return;
        for (const job of plan.copyJobs) {
          expect(checkCopyJob(job)).toEqual([]);
          const effect = effectOf(job, { source: world, target: [] });
          if (effect.kind !== 'copied') continue;
          const root = copyRootsOf(plan).find(({ id }) => id === job.id);
          for (const { source, target } of effect.files)
            expect(target).toBe(below(job.target, relativeTo(source, root?.source ?? job.target) ?? []));
        }
      }),
    );
  });

  it('never have one destination, nor one within another', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const targets = (migrated(input)?.copyJobs ?? []).map(({ target }) => target);
        const overlapping = targets.filter((target, index) => targets.some((other, at) => at !== index && isWithin(target, other)));
        expect(overlapping).toEqual([]);
      }),
    );
  });

  it('give the same bytes in any order of the input', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const turned = {
          ...input,
          neighbours: [...input.neighbours].reverse(),
          source: { ...input.source, partitions: [...input.source.partitions].reverse() },
        };
        expect(canonicalJson(planTable(turned))).toBe(canonicalJson(planTable(input)));
      }),
    );
  });
});

function isInRoot(file: Location, root: ReturnType<typeof copyRootsOf>[number]): boolean {
  const segments = relativeTo(file, root.source);
  if (segments === undefined) return false;
  const foreign = new Set(root.excluded.flatMap((outer) => relativeTo(outer, root.source)?.join('/') ?? []));
  return !isBelowAny(segments.join('/'), foreign) && !isHidden(segments.join('/'), root.registered);
}
