import type { RecordedTable, TablePair } from '../model/data-set.ts';
import type { ScriptSettings } from '../model/script-settings.ts';
import { hasOwnFiles, isIceberg, isTransactional, isView, parameterOf } from './table-kind.ts';

/** Why a table takes no part; undefined when it does. */
export function leftOutBecause(pair: TablePair, settings: ScriptSettings): string | undefined {
  return (
    byName(pair.name, settings) ??
    byKind(pair.source, pair, settings) ??
    byKind(pair.target, pair, settings) ??
    bySize(pair.source, settings)
  );
}

function byName(name: string, { working, selection }: ScriptSettings): string | undefined {
  if (name.startsWith(working.transferPrefix)) return 'its name starts with the prefix of transfer tables: a left-over of an earlier run';
  if (name.startsWith(working.shadowPrefix)) return 'its name starts with the prefix of shadow tables: a left-over of an earlier run';
  if (name.endsWith(working.archiveSuffix)) return 'its name ends with the suffix of archived tables: a left-over of an earlier run';
  const { include, exclude } = selection;
  if (include !== undefined) return matches(name, include) ? undefined : `its name does not match ${include}`;
  return exclude !== undefined && matches(name, exclude) ? `its name matches ${exclude}` : undefined;
}

function matches(name: string, pattern: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(name);
}

function byKind(side: RecordedTable | undefined, pair: TablePair, settings: ScriptSettings): string | undefined {
  if (side === undefined) return settings.selection.acid === 'only' && pair.source === undefined ? NOT_ACID : undefined;
  const { table } = side;
  const { views, acid, nonNative } = settings.selection;
  const isDump = settings.strategy === 'DUMP';
  // They are refused by name, so that nobody misses them.
  if (table.tableType === 'MATERIALIZED_VIEW') return undefined;
  if (side === pair.target && (isDump || settings.strategy === 'STORAGE_MIGRATION')) return undefined;
  if (views && !isDump) return isView(table) ? undefined : 'it is no view, and only views were asked for';
  if (isView(table)) return isDump ? undefined : 'it is a view, and views were not asked for';
  if (!isNative(table) && !nonNative) return 'its data is kept by another system, and such tables were not asked for';
  if (isTransactional(table)) return acid === 'no' ? 'it is transactional, and such tables were not asked for' : undefined;
  if (acid === 'only') return side === pair.source ? NOT_ACID : undefined;
  return migratedMark(table, settings);
}

const NOT_ACID = 'it is not transactional, and only transactional tables were asked for';

function isNative(table: RecordedTable['table']): boolean {
  const handler = parameterOf(table, 'storage_handler');
  return (handler === undefined && hasOwnFiles(table)) || isIceberg(table) || isTransactional(table);
}

function migratedMark(table: RecordedTable['table'], { strategy }: ScriptSettings): string | undefined {
  const mark = strategy === 'STORAGE_MIGRATION' ? parameterOf(table, 'hms-mirror-STORAGE_MIGRATED') : undefined;
  return mark === undefined ? undefined : `its property hms-mirror-STORAGE_MIGRATED says that it moved already (${mark})`;
}

function bySize(side: RecordedTable | undefined, { selection }: ScriptSettings): string | undefined {
  const { maxSizeMb, maxPartitions } = selection;
  const bytes = side?.statistics?.sizeBytes;
  if (maxSizeMb !== undefined && maxSizeMb > 0 && bytes !== undefined && bytes > maxSizeMb * 1024 * 1024) {
    return `its ${bytes} bytes are more than ${maxSizeMb} MB`;
  }
  const count = side?.partitions.length ?? 0;
  if (maxPartitions !== undefined && maxPartitions > 0 && count > maxPartitions) {
    return `its ${count} partitions are more than ${maxPartitions}`;
  }
  return undefined;
}
