import { insertAll, setVariable } from '../hiveql/script-statements.ts';
import { identifier } from '../hiveql/quote.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import type { ScriptInput, Side } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ClusterProfile, InsertSettings } from '../model/script-settings.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { TableName } from '../model/table.ts';
import { isLegacy, targetProfile } from '../translate/script-rules.ts';
import { executed } from './script-statements.ts';

/** One move of all rows by INSERT. */
export interface RowMove {
  readonly side: Side;
  /** The table whose partitions and sizes decide how the INSERT is tuned. */
  readonly original: RecordedTable;
  readonly from: TableName;
  readonly to: TableName;
  /** The target's handler knows its partitions itself. @default true */
  readonly saysPartitions?: boolean;
}

type Variables = readonly (readonly [string, string])[];

/** Session variables and the INSERT. */
export function insertScripts(input: ScriptInput, move: RowMove): readonly ScriptStatement[] {
  const { inserts, clusters } = input.settings;
  const { side, original, from, to } = move;
  const profile = side === 'source' ? clusters.source : targetProfile(input.settings);
  const keys = original.table.partitionKeys.map(({ name }) => name);
  const isSpread = keys.length > 0 && !inserts.plain && !inserts.sortDynamicPartitions;
  const variables = [
    ...sessionVariables(profile, original, inserts),
    ...(keys.length === 0 ? [] : sortVariables(clusters.source, inserts)),
  ];
  const sql = insertAll({
    from,
    to,
    partitionedBy: move.saysPartitions === false ? [] : keys,
    distributeBy: isSpread ? [...spread(original, inserts), ...keys.map(identifier)] : [],
  });
  return [
    ...overrides(side, inserts),
    ...variables.map(([key, value]) => executed(side, 'set', setVariable(key, value))),
    executed(side, 'insert', sql),
  ];
}

/** More partitions than the configuration lets SQL move unattended. */
export function overPartitionLimit({ settings, database }: ScriptInput, { table, partitions }: RecordedTable): readonly Issue[] {
  const isAcid = isTransactional(table);
  const limit = isAcid ? settings.acid.partitionLimit : settings.hybrid.sqlPartitionLimit;
  if (limit <= 0 || partitions.length <= limit) return [];
  const setting = isAcid ? 'migrateACID.partitionLimit' : 'hybrid.sqlPartitionLimit';
  return [issue('PARTITION_LIMIT', `${database.name}.${table.name}`, { count: partitions.length, limit, setting })];
}

function overrides(side: Side, { overrides: all }: InsertSettings): readonly ScriptStatement[] {
  return all
    .filter((override) => override.side === side || override.side === 'both')
    .map(({ key, value }) => executed(side, 'set', setVariable(key, value)));
}

function sessionVariables(profile: ClusterProfile, { partitions, statistics }: RecordedTable, inserts: InsertSettings): Variables {
  if (inserts.skipStatistics) return [];
  const count = partitions.length;
  const average = averageFileSize(statistics);
  const isSmall = average !== undefined && average < TARGET_FILE_BYTES / 2;
  return [
    ...(isSmall ? ([['tez.grouping.max-size', String(TARGET_FILE_BYTES / 2)]] as const) : []),
    ...(count > 1000 ? partitionBounds(count) : []),
    ...(isLegacy(profile)
      ? []
      : ([
          ['hive.stats.autogather', String(profile.autoTableStats)],
          ['hive.stats.column.autogather', String(profile.autoColumnStats)],
        ] as const)),
  ];
}

/** Hive stops at 1000 dynamic partitions by default, and at 1009 reducers. */
function partitionBounds(count: number): Variables {
  const bound = String(Math.floor(count * 1.2));
  return [
    ['hive.exec.max.dynamic.partitions', bound],
    ['hive.exec.reducers.max', bound],
  ];
}

/** Sorting inside the reducers and spreading rows over them exclude each other. Hive 1 and 2 keep their defaults. */
function sortVariables(source: ClusterProfile, { sortDynamicPartitions, plain }: InsertSettings): Variables {
  if (isLegacy(source)) return [];
  const sorts = sortDynamicPartitions && !plain;
  const threshold = ['hive.optimize.sort.dynamic.partition.threshold', sorts ? '0' : '-1'] as const;
  return [['hive.optimize.sort.dynamic.partition', String(sorts)], ...(plain || source.isHdp3 ? [] : [threshold])];
}

/** Spreads rows of big partitions over several reducers each. */
function spread({ partitions, statistics }: RecordedTable, { autoTune, skipStatistics }: InsertSettings): readonly string[] {
  const size = statistics?.sizeBytes;
  if (!autoTune || skipStatistics || size === undefined || partitions.length === 0) return [];
  const ratio = Math.floor(size / partitions.length / TARGET_FILE_BYTES) - 1;
  return ratio >= 1 ? [`ROUND((rand() * 1000) % ${ratio})`] : [];
}

function averageFileSize(statistics: RecordedTable['statistics']): number | undefined {
  const { sizeBytes, files } = statistics ?? {};
  return sizeBytes === undefined || files === undefined || files === 0 ? undefined : sizeBytes / files;
}

/** A file of one HDFS block. */
const TARGET_FILE_BYTES = 134217728;
