import { canonicalJson } from '../model/canonical-json.ts';
import { compareText } from '../model/order.ts';
import type { Partition, Table, TableWithPartitions } from '../model/table.ts';
import { partitionName } from './partition-name.ts';

/** One thing that differs: where it stands, and its values as text; absent on the side that does not have it. */
export interface Change {
  /** `storage.location`, `parameters.comment`, `partition dt=1: storage.location`. */
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/** Statistics and times, which Hive writes at every touch. */
const BY_THE_WAY =
  /^(?:numRows|rawDataSize|totalSize|numFiles|numFilesErasureCoded|numPartitions|COLUMN_STATS_ACCURATE|STATS_GENERATED.*|transient_lastDdlTime|last_modified_(?:by|time))$/;

/** What differs between two states of a table with all its partitions, in the order of the fields; statistics and times are no difference. */
export function tableChanges(from: TableWithPartitions, to: TableWithPartitions): readonly Change[] {
  return [...objectChanges(describe(from.table), describe(to.table)), ...partitionChanges(from, to)];
}

/** What differs between two objects, field by field. */
export function objectChanges(from: object, to: object): readonly Change[] {
  const [before, after] = [flattened(from), flattened(to)];
  const fields = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return fields
    .filter((field) => before.get(field) !== after.get(field))
    .map((field) => changeOf(field, before.get(field), after.get(field)));
}

function partitionChanges(from: TableWithPartitions, to: TableWithPartitions): readonly Change[] {
  const [before, after] = [partitionsByName(from), partitionsByName(to)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === undefined || now === undefined) return [changeOf(`partition ${name}`, placeOf(old), placeOf(now))];
    return objectChanges(old, now).map((change) => ({ ...change, field: `partition ${name}: ${change.field}` }));
  });
}

function partitionsByName({ table, partitions }: TableWithPartitions): ReadonlyMap<string, Partition> {
  return new Map(partitions.map((partition) => [partitionName(table.partitionKeys, partition.values), partition]));
}

const placeOf = (partition: Partition | undefined): string | undefined =>
  partition === undefined ? undefined : (partition.storage.location ?? 'without a location');

/** Columns by name, so that one that was added does not move all others; their order is a field of its own. */
function describe({ storage, partitionKeys, ...table }: Table): object {
  const { columns, ...rest } = storage;
  return {
    ...table,
    partitionKeys: partitionKeys.map(({ name, type }) => `${name} ${type}`).join(', '),
    columns: Object.fromEntries(
      columns.map(({ name, type, comment }) => [name, comment === undefined ? type : `${type}, comment ${comment}`]),
    ),
    columnOrder: columns.map(({ name }) => name).join(', '),
    storage: rest,
  };
}

function changeOf(field: string, from: string | undefined, to: string | undefined): Change {
  return { field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function flattened(value: object, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, entry]: [string, unknown]): readonly (readonly [string, string])[] => {
      const field = path === '' ? key : `${path}.${key}`;
      if (entry === undefined || (path.endsWith('parameters') && BY_THE_WAY.test(key))) return [];
      if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) return [...flattened(entry, field)];
      return [[field, typeof entry === 'string' ? entry : canonicalJson(entry)]];
    }),
  );
}
