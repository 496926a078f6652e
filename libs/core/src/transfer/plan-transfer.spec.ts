import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCopyJob } from '../distcp/check-copy-job.ts';
import { effectOf } from '../distcp/effect.ts';
import type { CopyEffect, TreeEntry } from '../distcp/effect.ts';
import type { CopyPart, CopyUnit, TransferSettings } from '../model/transfer.ts';
import { location } from '../testing/builders.ts';
import { liesWithin } from '../translate/place.ts';
import { planTransfer } from './plan-transfer.ts';
import { aUnit, distcpJobsOf, pairOf, runJobs, transferSettings } from './testing.ts';

const GIB = 1024 ** 3;
const size = (bytes: number, files = 1) => ({ bytes, files });

interface Warehouse {
  readonly units: readonly CopyUnit[];
  readonly tree: readonly TreeEntry[];
}

const names = fc.array(fc.constantFrom('p=1', 'p=2', 'q=1', '_h', 'a'), { minLength: 1, maxLength: 3 }).map((path) => path.join('/'));
/** A table: files by directory, which of the directories are parts, whose sizes are known, what is left out. */
const table = fc.record({
  directories: fc.uniqueArray(names, { maxLength: 8 }),
  parts: fc.array(fc.tuple(names, fc.boolean()), { maxLength: 5 }),
  excluded: fc.array(names, { maxLength: 2 }),
  isSized: fc.boolean(),
  sizes: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 9, maxLength: 9 }),
});
const warehouse = fc.array(table, { minLength: 1, maxLength: 5 }).map((tables): Warehouse => {
  const made = tables.map((each, index) => {
    const unit = aUnit(`t${index}`);
    const tree = ['', ...each.directories].map((directory, at): TreeEntry => ({
      location: location(`${unit.source}/${directory}/file${at}`),
      kind: 'file',
      sizeBytes: each.sizes[at] ?? 0,
    }));
    const sizeBelow = (place: string) => {
      const files = tree.filter((file) => liesWithin(file.location, place));
      return size(
        files.reduce((sum, file) => sum + file.sizeBytes, 0),
        files.length,
      );
    };
    const there = each.parts.filter(([path]) => tree.some((file) => liesWithin(file.location, `${unit.source}/${path}`)));
    const outer = there.filter(([path], at) => !there.some(([other], than) => at !== than && liesWithin(`/${path}`, `/${other}`)));
    const parts = outer.map(([path, isKnown]): CopyPart => {
      const source = `${unit.source}/${path}`;
      return isKnown ? { source, size: sizeBelow(source) } : { source };
    });
    const excluded = [...new Set(each.excluded.map((path) => `${unit.source}/${path}`))];
    // A registered partition is read by Hive, whatever its directory is called.
    const visible = parts.map(({ source }) => source);
    return { unit: { ...unit, parts, excluded, visible, ...(each.isSized ? { size: sizeBelow(unit.source) } : {}) }, tree };
  });
  return { units: made.map(({ unit }) => unit), tree: made.flatMap(({ tree }) => tree) };
});
const anySettings: fc.Arbitrary<TransferSettings> = fc
  .record({
    slots: fc.integer({ min: 1, max: 4 }),
    maxMappers: fc.integer({ min: 1, max: 40 }),
    jobBytes: fc.integer({ min: 1, max: 200 }),
    packing: fc.constantFrom('list', 'shared-jvm', 'none'),
    waveMinutes: fc.integer({ min: 1, max: 5 }),
  })
  .map((settings) => transferSettings(settings));

function landedBy(effects: readonly CopyEffect[]): readonly string[] {
  return effects
    .flatMap((effect): readonly string[] => {
      if (effect.kind === 'refused') return [`refused: ${effect.code} ${effect.subject}`];
      return effect.files.map(({ source, target, action }) => `${source} -> ${target} ${action}`);
    })
    .sort();
}

describe('a transfer plan', () => {
  it('copies every file exactly once to where its unit says, split and packed as it may be', () => {
    fc.assert(
      fc.property(warehouse, anySettings, ({ units, tree }, settings) => {
        const { jobs } = planTransfer(units, settings);
        const wanted = units.map((unit) => effectOf(pairOf(unit), { source: tree, target: [] }));
        const { effects } = runJobs(jobs, { source: tree, target: [] });
        expect(landedBy(effects)).toEqual(landedBy(wanted));
      }),
      { numRuns: 500 },
    );
  });

  it('copies nothing when run again', () => {
    fc.assert(
      fc.property(warehouse, anySettings, ({ units, tree }, settings) => {
        const { jobs } = planTransfer(units, settings);
        const { target } = runJobs(jobs, { source: tree, target: [] });
        expect(landedBy(runJobs(jobs, { source: tree, target }).effects).filter((line) => !line.endsWith('skipped'))).toEqual([]);
      }),
    );
  });

  it('has no job that DistCp would run to the wrong place', () => {
    fc.assert(
      fc.property(warehouse, anySettings, ({ units }, settings) => {
        const jobs = planTransfer(units, settings).jobs.flatMap((job) => distcpJobsOf(job, () => false));
        expect(jobs.flatMap(checkCopyJob)).toEqual([]);
      }),
    );
  });

  it('runs each job in one lane of one wave, and waves as long as their longest lane', () => {
    fc.assert(
      fc.property(warehouse, anySettings, ({ units }, settings) => {
        const { jobs, waves, forecast } = planTransfer(units, settings);
        const run = waves.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.jobs));
        expect(run.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
        for (const { lanes } of waves) expect(lanes.length).toBeLessThanOrEqual(settings.slots);
        expect(forecast.seconds).toBeCloseTo(waves.reduce((sum, { seconds }) => sum + seconds, 0));
        expect(forecast.seconds).toBeGreaterThanOrEqual(forecast.lowerBoundSeconds - 1e-6);
      }),
    );
  });

  it('stays within the bounds of the link, whatever runs at the same time', () => {
    fc.assert(
      fc.property(warehouse, anySettings, fc.integer({ min: 1, max: 500 }), ({ units }, settings, maxMbPerSecond) => {
        const { jobs, waves } = planTransfer(units, { ...settings, maxMbPerSecond });
        const byId = new Map(jobs.map((job) => [job.id, job]));
        for (const { lanes } of waves) {
          const largest = lanes.map((lane) => lane.jobs.flatMap((id) => byId.get(id) ?? []));
          const most = (of: (job: (typeof jobs)[number]) => number) => largest.reduce((sum, lane) => sum + Math.max(0, ...lane.map(of)), 0);
          expect(most(({ mappers }) => mappers)).toBeLessThanOrEqual(settings.maxMappers);
          expect(most(({ mappers, bandwidthMbPerMapper = Infinity }) => mappers * bandwidthMbPerMapper)).toBeLessThanOrEqual(
            maxMbPerSecond,
          );
        }
      }),
    );
  });

  it('is the same for the same units', () => {
    fc.assert(
      fc.property(warehouse, anySettings, ({ units }, settings) => {
        expect(JSON.stringify(planTransfer(units, settings))).toBe(JSON.stringify(planTransfer(structuredClone(units), settings)));
      }),
    );
  });

  it('splits a huge table by its partitions and puts neighbours into one list', () => {
    const parts = ['2021', '2022', '2023', '2024'].map((year) => ({ source: `hdfs://left/w/big/y=${year}`, size: size(50 * GIB, 50) }));
    const { jobs } = planTransfer([aUnit('big', { size: size(210 * GIB, 201), parts })], transferSettings({ jobBytes: 100 * GIB }));
    expect(jobs.map(({ form, copies }) => ({ form: form.kind, copies: copies.map(({ source }) => source) }))).toEqual([
      { form: 'list', copies: ['hdfs://left/w/big/y=2021', 'hdfs://left/w/big/y=2022'] },
      { form: 'pair', copies: ['hdfs://left/w/big'] },
      { form: 'pair', copies: ['hdfs://left/w/big/y=2023'] },
    ]);
    expect(jobs[1]?.copies[0]?.excluded).toEqual(['2021', '2022', '2023'].map((year) => `hdfs://left/w/big/y=${year}`));
  });

  it('goes over an intermediate storage in order: what one wave brings there is fetched in a later one', () => {
    const units = ['a', 'b', 'c', 'd'].flatMap((name) => {
      const over = { size: size(20 * GIB), target: `s3a://between/${name}` };
      return [
        aUnit(`${name}-1`, { ...over, side: 'source' }),
        aUnit(`${name}-2`, { size: size(20 * GIB), source: over.target, after: [`${name}-1`] }),
      ];
    });
    const { jobs, waves } = planTransfer(units, transferSettings({ slots: 2, waveMinutes: 5, packing: 'none' }));
    const waveOf = new Map(waves.flatMap(({ number, lanes }) => lanes.flatMap((lane) => lane.jobs.map((id) => [id, number] as const))));
    const fetching = jobs.filter(({ side }) => side === 'target');
    expect(fetching).toHaveLength(4);
    for (const { id, after } of fetching) {
      expect(after).toHaveLength(1);
      expect(waveOf.get(id)).toBeGreaterThan(waveOf.get(after[0] ?? '') ?? Infinity);
    }
    expect(waves.some(({ lanes }) => new Set(lanes.map(({ side }) => side)).size === 2)).toBe(true);
  });

  it('ends a job with its window and goes on with it in the next, and says so', () => {
    const units = [aUnit('huge', { size: size(3000 * GIB, 3000) }), aUnit('small', { size: size(GIB) })];
    const settings = transferSettings({ slots: 1, maxMappers: 1, window: { opens: '22:00', closes: '05:00' } });
    const { jobs, waves, recommendations } = planTransfer(units, settings);
    expect(jobs.map(({ id, copies, windows }) => [id, copies[0]?.unit, windows])).toEqual([
      ['job-1', 'huge', { first: 1, last: 2 }],
      ['job-2', 'small', { first: 2, last: 2 }],
    ]);
    expect(waves.map(({ lanes }) => lanes.map((lane) => lane.jobs))).toEqual([[['job-1']], [['job-1', 'job-2']]]);
    expect(Math.max(...waves.map(({ seconds }) => seconds))).toBeLessThanOrEqual(7 * 3600);
    expect(recommendations.at(-2)).toContain('job-1 (windows 1 to 2)');
  });

  it('says in words what it rests on', () => {
    const small = Array.from({ length: 30 }, (_, index) => aUnit(`t${index}`, { size: size(1000, 3) }));
    const { recommendations } = planTransfer([...small, aUnit('x')], transferSettings());
    expect(recommendations).toEqual([
      'Run 31 copies as 2 DistCp jobs in 1 wave, up to 4 jobs at a time: about 4 s. No order of these jobs takes less than 4 s; one command for each copy, one after another, would take 1 min 7 s.',
      '30 small copies share 1 job, since the start of a job takes longer than copying them.',
      'The size of 1 copy is not known; each counts as the mean of the others, 1000 bytes.',
      'Taken for granted: 2.1 s to start a job, 0.001 s to list a file, 0.014 s for a mapper to open and close it, 100 MB/s for each mapper. Measure them on your link.',
    ]);
  });
});
