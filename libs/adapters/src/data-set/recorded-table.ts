import { parseCreate, parsePartitionName } from '@hiveferry/core';
import type { Owner, RecordedPartition, RecordedTable, Table, TablePair } from '@hiveferry/core';
import { at, badNode, mapAt, textAt, textsAt } from './yaml-node.ts';
import type { NodePlace, YamlMap, YamlNode } from './yaml-node.ts';

/** The peer's names of the two sides: only where its files are read. */
const SIDES = ['LEFT', 'RIGHT'] as const;
export type Side = (typeof SIDES)[number];

/** One table of a data set; `unreadable` when a definition is no statement that we can read, or does not fit its partitions. */
export type DataSetEntry = { readonly kind: 'pair'; readonly pair: TablePair } | UnreadableTable;

export interface UnreadableTable {
  readonly kind: 'unreadable';
  readonly name: string;
  readonly side: Side;
  readonly reason: string;
}

/** @throws MigrationError DATA_SET_INVALID when a key holds what it cannot hold */
export function readTablePair(name: string, node: YamlNode | undefined, place: NodePlace): DataSetEntry {
  const environmentsPlace = at(place, 'environments');
  const environments = mapAt(mapAt(node, place).get('environments'), environmentsPlace);
  const [left, right] = SIDES.map((side) => readSide(environments.get(side), at(environmentsPlace, side)));
  if (typeof left === 'string') return { kind: 'unreadable', name, side: 'LEFT', reason: left };
  if (typeof right === 'string') return { kind: 'unreadable', name, side: 'RIGHT', reason: right };
  const pair = { name, ...(left === undefined ? {} : { source: left }), ...(right === undefined ? {} : { target: right }) };
  return { kind: 'pair', pair };
}

/** @returns undefined when the side has no such table, a reason when it cannot be read */
function readSide(node: YamlNode | undefined, place: NodePlace): RecordedTable | string | undefined {
  const side = mapAt(node, place);
  if (!readFlag(side.get('exists'), at(place, 'exists'))) return undefined;
  const definition = textsAt(side.get('definition'), at(place, 'definition'));
  const parsed = parseCreate(definition.join('\n'), { database: place.path[1] ?? '' });
  if (parsed.kind === 'syntax-error') return `its definition: ${parsed.message}`;
  const partitions = readPartitions(side.get('partitions'), at(place, 'partitions'));
  const keys = parsed.table.partitionKeys.map(({ name }) => name.toLowerCase());
  const misfit = parsed.partitionTransforms.length > 0 ? undefined : partitions.find((partition) => !fits(partition, keys));
  if (misfit !== undefined) return `its partition \`${misfit.name}\`: expected ${expectedName(parsed.table)}`;
  const statistics = readStatistics(mapAt(side.get('statistics'), at(place, 'statistics')), at(place, 'statistics'));
  const owner = readOwner(side.get('owner'), at(place, 'owner'));
  const constraints = parsed.constraints.length === 0 ? {} : { constraints: parsed.constraints };
  return { table: { ...parsed.table, ...owner }, partitions, ...constraints, definition, ...statistics };
}

function readFlag(node: YamlNode | undefined, place: NodePlace): boolean {
  const text = textAt(node, place)?.toLowerCase() ?? 'false';
  if (text !== 'true' && text !== 'false') throw badNode(text, place, 'true or false');
  return text === 'true';
}

function readOwner(node: YamlNode | undefined, place: NodePlace): { readonly owner?: Owner } {
  const name = textAt(node, place);
  return name === undefined ? {} : { owner: { name, type: 'USER' } };
}

/** What the peer writes for a location that it did not ask for. */
const NOT_SET = 'NOT_SET';

function readPartitions(node: YamlNode | undefined, place: NodePlace): readonly RecordedPartition[] {
  return Array.from(mapAt(node, place), ([name, value]) => {
    // Its own place is only for the message that refuses what is no text: it is not made for millions of texts.
    const location = textAt(value, typeof value === 'string' ? place : at(place, name));
    return location === undefined || location === NOT_SET ? { name } : { name, location };
  });
}

/** Key names of a partition are those of its table, in its order; Hive compares them without case. */
function fits({ name }: RecordedPartition, keys: readonly string[]): boolean {
  const pairs = parsePartitionName(name);
  return pairs?.length === keys.length && pairs.every(({ key }, index) => key.toLowerCase() === keys[index]);
}

function expectedName({ partitionKeys }: Table): string {
  if (partitionKeys.length === 0) return 'none, since its definition has no PARTITIONED BY';
  return `a name like ${partitionKeys.map(({ name }) => `${name}=...`).join('/')}`;
}

const COUNTS = [
  ['sizeBytes', 'data.size'],
  ['files', 'file.count'],
  ['partitions', 'partition.count'],
] as const;

function readStatistics(node: YamlMap, place: NodePlace): { readonly statistics?: Readonly<Record<string, number>> } {
  const counts = COUNTS.flatMap(([field, key]) => {
    const count = readCount(node.get(key), at(place, key));
    return count === undefined ? [] : [[field, count] as const];
  });
  return counts.length === 0 ? {} : { statistics: Object.fromEntries(counts) };
}

function readCount(node: YamlNode | undefined, place: NodePlace): number | undefined {
  const text = textAt(node, place);
  const count = Number(text ?? 0);
  if (!Number.isFinite(count) || count < 0) throw badNode(text ?? '', place, 'a number');
  return text === undefined ? undefined : count;
}
