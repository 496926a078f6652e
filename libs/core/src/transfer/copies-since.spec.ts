import { describe, expect, it } from 'vitest';
import { planTable } from '../pipeline.ts';
import { SOURCE, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import type { Partition, TableWithPartitions } from '../model/table.ts';
import { chosenCopies, pathsInNoCopy } from './copies-since.ts';
import type { CopyChoice } from './copies-since.ts';
import { trackedPlaces } from './tracked-places.ts';

const ROOT = 'hdfs://left:8020/data/orders';
const MONDAY = 1_795_000_000;
const READ_AT = new Date((MONDAY + 3600) * 1000).toISOString();

/** A partition as Hive wrote it so many seconds after Monday. */
function written(dt: string, seconds: number, { totalSize = '10', at = `${ROOT}/dt=${dt}` } = {}): Partition {
  return { ...aPartition([dt], at), parameters: { transient_lastDdlTime: String(MONDAY + seconds), totalSize, numFiles: '1' } };
}

function read(partitions: readonly Partition[]): TableWithPartitions {
  return { table: aTable({ name: 'orders', partitionKeys: [aColumn('dt string')], storage: { location: ROOT } }), partitions };
}

function copied(now: TableWithPartitions, choice: CopyChoice) {
  const plan = planTable(anInput({ table: now.table, partitions: now.partitions }));
  const { units, ...rest } = chosenCopies([plan], trackedPlaces(now, SOURCE.namespace), choice);
  return { copied: units.map(({ source }) => source), ...rest };
}

const since = (earlier: TableWithPartitions): CopyChoice => ({
  kind: 'since',
  earlier: trackedPlaces(earlier, SOURCE.namespace),
  readAt: READ_AT,
});

describe('copies since an earlier reading of the metastore', () => {
  it('are those of partitions that are new or were written to, wherever they lie, and name what is gone', () => {
    const before = read([
      written('1', 0),
      written('2', 0),
      written('3', 0),
      written('4', 0, { at: 'hdfs://left:8020/else/4' }),
      written('9', 0),
    ]);
    const now = read([
      written('1', 0),
      written('2', 9000),
      written('3', 0, { totalSize: '11' }),
      written('4', 9000, { at: 'hdfs://left:8020/else/4' }),
      written('5', 9000),
    ]);
    expect(copied(now, since(before))).toEqual({
      copied: [`${ROOT}/dt=2`, `${ROOT}/dt=3`, `${ROOT}/dt=5`, 'hdfs://left:8020/else/4'],
      unchanged: [ROOT, `${ROOT}/dt=1`],
      gone: [`${ROOT}/dt=9`],
    });
  });

  it('are none when nothing was written, and hold what was written while it was read', () => {
    const before = read([written('1', 0), written('2', 3590)]);
    expect(copied(before, since(before)).copied).toEqual([`${ROOT}/dt=2`]);
  });

  it('hold a partition in which another one lies, since nobody sees what was written to that', () => {
    const partitions = [written('1', 0), written('2', 0, { at: `${ROOT}/dt=1/inner` })];
    expect(copied(read(partitions), since(read(partitions))).copied).toEqual([`${ROOT}/dt=1`]);
  });

  it('hold all of what has no time: a table that only a data set knows', () => {
    const now = read([aPartition(['1'], `${ROOT}/dt=1`)]);
    expect(copied(now, since(now)).copied).toEqual([`${ROOT}/dt=1`]);
  });

  it('go by the difference of snapshots of HDFS where both sides have them, and say why not elsewhere', () => {
    const now = read([written('1', 0), written('4', 0, { at: 'hdfs://left:8020/else/4' })]);
    const facts = { mayRemove: true, isTargetChanged: false, target: { snapshots: { 'hdfs://right:9020/data/orders': ['s1'] } } };
    const source = { snapshots: { [ROOT]: ['s1', 's2'] } };
    const plan = planTable(anInput({ table: now.table, partitions: now.partitions }));
    const { units, wholly } = chosenCopies([plan], trackedPlaces(now, SOURCE.namespace), {
      kind: 'snapshots',
      facts: { ...facts, source },
    });
    expect(units.map(({ snapshots }) => snapshots)).toEqual([{ from: 's1', to: 's2' }, undefined]);
    expect(wholly).toEqual([{ source: 'hdfs://left:8020/else/4', reason: expect.stringContaining('is not snapshottable') }]);
  });

  it('are those after a moment, by the times of the metastore', () => {
    const now = read([written('1', 0), written('2', 7200)]);
    expect(copied(now, { kind: 'modified-after', moment: READ_AT }).copied).toEqual([`${ROOT}/dt=2`]);
  });
});

it('of the paths that failed, those that no copy holds are named', () => {
  const { table, partitions } = read([written('1', 0), written('2', 0, { at: 'hdfs://left:8020/else/2' })]);
  const held = [`${ROOT}/dt=1/000000_0`, `${ROOT}/other`, 'hdfs://left:8020/else/2', 'hdfs://left:8020/data'];
  const strange = ['hdfs://left:8020/else/3/000000_0', `${ROOT}_2`, 'a line of a log'];
  expect(pathsInNoCopy([planTable(anInput({ table, partitions }))], [...held, ...strange])).toEqual(strange);
});
