import { parse } from 'yaml';
import type { Location, Partition, Table, TableInput } from '@hiveferry/core';
import { aColumn, aDescriptor, aTable, anInput, location, ORC_FORMAT, TEXT_FORMAT } from '../../libs/core/src/testing/builders.ts';

/** The short form of a case: what is not said has the builders' values. */
interface GoldenInput {
  readonly table?: GoldenTable;
  readonly partitions?: readonly { readonly values: readonly string[]; readonly location?: string; readonly format?: keyof typeof FORMATS; readonly parameters?: Record<string, string> }[];
  readonly target?: GoldenTable;
  readonly targetPartitions?: GoldenInput['partitions'];
  readonly neighbours?: readonly { readonly table: string; readonly location: string }[];
  /** Source and target are one cluster. */
  readonly isOneCluster?: boolean;
  readonly settings?: Omit<Partial<TableInput['settings']>, 'locationMap'> & { readonly locationMap?: Record<string, string> };
}

type GoldenTable = Partial<Omit<Table, 'storage' | 'partitionKeys'>> & {
  readonly location?: string;
  readonly format?: keyof typeof FORMATS;
  readonly columns?: readonly string[];
  readonly partitionKeys?: readonly string[];
  readonly storage?: Partial<Table['storage']>;
};

const FORMATS = { text: TEXT_FORMAT, orc: ORC_FORMAT };

export function readCase(yaml: string): TableInput {
  const input = parse(yaml) as GoldenInput; // the runner's own files, read by people
  const { locationMap = {}, ...settings } = input.settings ?? {};
  const built = anInput({
    table: tableOf(input.table ?? {}),
    partitions: partitionsOf(input.partitions),
    ...(input.targetPartitions === undefined ? {} : { targetPartitions: partitionsOf(input.targetPartitions) }),
    ...(input.target === undefined ? {} : { target: tableOf(input.target) }),
    neighbours: (input.neighbours ?? []).map(neighbourOf),
    settings: { ...settings, locationMap: Object.entries(locationMap).map(([from, to]) => ({ from: location(from), to: location(to) })) },
  });
  return input.isOneCluster === true ? { ...built, clusters: { ...built.clusters, target: built.clusters.source } } : built;
}

function partitionsOf(partitions: GoldenInput['partitions'] = []): readonly Partition[] {
  return partitions.map(({ values, location: at, format, parameters }) => ({
    values,
    storage: aDescriptor({ ...(at === undefined ? {} : { location: at }), ...FORMATS[format ?? 'text'] }),
    parameters: parameters ?? {},
  }));
}

function tableOf({ location: at, format, columns, partitionKeys, storage, ...rest }: GoldenTable): Table {
  return aTable({
    ...rest,
    ...(partitionKeys === undefined ? {} : { partitionKeys: partitionKeys.map(aColumn) }),
    storage: {
      ...(at === undefined ? {} : { location: at }),
      ...(columns === undefined ? {} : { columns: columns.map(aColumn) }),
      ...(format === undefined ? {} : FORMATS[format]),
      ...storage,
    },
  });
}

function neighbourOf({ table, location: at }: { readonly table: string; readonly location: string }): { table: { database: string; table: string }; location: Location } {
  const [database = '', name = ''] = table.split('.');
  return { table: { database, table: name }, location: location(at) };
}
