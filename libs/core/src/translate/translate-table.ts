import { targetDatabase } from '../inventory/table-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { below } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { Decision } from '../model/plan.ts';
import type { Column, Parameters, StorageDescriptor, Table } from '../model/table.ts';
import { copiedPath } from './schema-file.ts';
import { tableParameters } from './properties.ts';
import { sourceMark, withMark } from './source-mark.ts';

/** The table as it must stand on the target, and what was decided on the way. */
export interface TranslatedTable {
  readonly table: Table;
  readonly decisions: readonly Decision[];
}

/** The source's table directory and where it goes. */
export interface TableMove {
  readonly from: Location;
  readonly to: Location;
}

/** An external table at its new place, with purge and bucketing version said explicitly. */
export function translateTable(input: TableInput, move: TableMove): TranslatedTable {
  const { table } = input.source;
  const kept = tableParameters(table.parameters);
  const explicit = { 'external.table.purge': 'false', bucketing_version: table.parameters['bucketing_version'] ?? '1' };
  const moved = movePaths({ ...marked(kept.parameters, input), ...explicit }, input, move);
  const serde = movePaths(table.storage.serde.parameters, input, move);
  const storage = { ...descriptor(table.storage, move.to), serde: { ...table.storage.serde, parameters: serde.parameters } };
  return {
    table: {
      ...table,
      database: targetDatabase(table.database, input.settings),
      tableType: 'EXTERNAL_TABLE',
      parameters: moved.parameters,
      partitionKeys: table.partitionKeys.map(withoutEmptyComment),
      storage,
    },
    decisions: [...typeDecisions(table), ...kept.decisions, ...moved.decisions, ...serde.decisions],
  };
}

/** A view keeps its text: the expanded one, whose names are qualified. It has no purge, bucketing or location. */
export function translateView(input: TableInput): TranslatedTable {
  const { table } = input.source;
  const { viewOriginalText: _original, viewExpandedText: _expanded, ...rest } = table;
  const kept = tableParameters(table.parameters);
  const text = table.viewExpandedText ?? table.viewOriginalText ?? '';
  return {
    table: {
      ...rest,
      database: targetDatabase(table.database, input.settings),
      parameters: marked(kept.parameters, input),
      storage: { ...table.storage, columns: table.storage.columns.map(withoutEmptyComment) },
      viewOriginalText: text,
      viewExpandedText: text,
    },
    decisions: [
      { rule: 'view-text', reason: 'the expanded text is used, since its names do not depend on the current database' },
      ...kept.decisions,
    ],
  };
}

const marked = (parameters: Parameters, { source: { table }, clusters, settings }: TableInput): Parameters =>
  withMark(parameters, settings, sourceMark(clusters.source, { database: table.database, table: table.name }));

/** A descriptor at another place; comments that only say where a column comes from are left out. */
export function descriptor(storage: StorageDescriptor, location: Location): StorageDescriptor {
  return { ...storage, location, columns: storage.columns.map(withoutEmptyComment) };
}

/** `from deserializer` is what Hive shows for a column without a comment. */
export function withoutEmptyComment(column: Column): Column {
  const { comment, ...rest } = column;
  return comment === undefined || comment === '' || comment === 'from deserializer' ? rest : column;
}

function typeDecisions(table: Table): readonly Decision[] {
  const managed = table.tableType === 'MANAGED_TABLE';
  const purged = managed || table.parameters['external.table.purge']?.toLowerCase() === 'true';
  return [
    ...(managed
      ? [
          {
            rule: 'managed-becomes-external',
            reason: 'a copy is external with an explicit location: Hive 4 would relocate or translate a managed one',
          },
        ]
      : []),
    ...(purged ? [{ rule: 'purge-off', reason: 'external.table.purge=false: data of a copy must not be dropped with the table' }] : []),
    ...(table.parameters['bucketing_version'] === undefined
      ? [{ rule: 'bucketing-version', reason: 'absent means 1, but new tables get 2: written as 1' }]
      : []),
  ];
}

/** Parameters that repeat a path of the table directory (`path` of Spark, `avro.schema.url`) follow it. */
function movePaths(
  parameters: Parameters,
  input: TableInput,
  move: TableMove,
): { readonly parameters: Parameters; readonly decisions: readonly Decision[] } {
  const changed = pathsThatMove(parameters, input, move);
  return {
    parameters: { ...parameters, ...Object.fromEntries(changed.map(({ key, to }) => [key, to])) },
    decisions: changed.map(({ key, to }) => ({
      rule: 'path-follows-table',
      reason: `${key} lies in the table directory and becomes ${to}`,
    })),
  };
}

/** Those keys whose value is a path in the table directory that is copied with it, and where it leads then. */
export function pathsThatMove(
  parameters: Parameters,
  input: TableInput,
  move: TableMove,
): readonly { readonly key: string; readonly from: string; readonly to: Location }[] {
  return PATH_KEYS.flatMap((key) => {
    const from = parameters[key] ?? '';
    const rest = copiedPath(from, move.from, input.clusters.source.namespace);
    return rest === undefined ? [] : [{ key, from, to: below(move.to, rest) }];
  });
}

const PATH_KEYS: readonly string[] = ['avro.schema.url', 'path'];
