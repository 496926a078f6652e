import { sizeInParameters } from '../inventory/recorded-size.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { HybridLimits } from '../model/plan-settings.ts';
import type { TableWithPartitions } from '../model/table.ts';
import { subjectOf, transactionalKind } from './native-table.ts';
import type { StrategyChoice } from './strategy.ts';

/** Those of hms-mirror. 0 is no limit. */
const USUAL_LIMITS: Required<HybridLimits> = { exportPartitionLimit: 100, sqlPartitionLimit: 500, sqlSizeLimitBytes: 1024 ** 3 };

/**
 * EXPORT_IMPORT, but for tables with more partitions than an export is to have: IMPORT copies each by a task of its own, and one INSERT writes
 * all. What is too much for one INSERT as well is refused.
 */
export function chooseForTable(input: TableInput): StrategyChoice {
  const { source, settings } = input;
  const limits = { ...USUAL_LIMITS, ...settings.hybrid };
  if (transactionalKind(source.table) === 'insert-only transactional' && settings.transactionalTables !== 'migrate') {
    return bySql(source, limits, 'an export of an insert-only table keeps directories of deltas, in which an external table has no rows');
  }
  const count = source.partitions.length;
  if (isOver(count, limits.exportPartitionLimit)) {
    return bySql(source, limits, `${count} partitions are more than the ${limits.exportPartitionLimit} of hybrid.exportPartitionLimit`);
  }
  const bound = limits.exportPartitionLimit > 0 ? `no more than the ${limits.exportPartitionLimit} of` : 'without a limit by';
  return { strategy: 'EXPORT_IMPORT', reason: `${count} partitions, ${bound} hybrid.exportPartitionLimit`, issues: [] };
}

function bySql(source: TableWithPartitions, limits: Required<HybridLimits>, reason: string): StrategyChoice {
  const subject = subjectOf(source.table);
  const { sqlPartitionLimit, sqlSizeLimitBytes } = limits;
  const count = source.partitions.length;
  const bytes = sizeOf(source);
  const issues = [
    ...(isOver(count, sqlPartitionLimit) ? [issue('HYBRID_TOO_MANY_PARTITIONS', subject, { count, limit: sqlPartitionLimit })] : []),
    ...(isOver(bytes, sqlSizeLimitBytes) ? [issue('HYBRID_TOO_LARGE', subject, { bytes, limit: sqlSizeLimitBytes })] : []),
  ];
  return { strategy: 'SQL', reason, issues };
}

const isOver = (value: number, limit: number): boolean => limit > 0 && value > limit;

/** As far as the metastore's statistics say it: at least so much. */
function sizeOf({ table, partitions }: TableWithPartitions): number {
  const parts = table.partitionKeys.length > 0 ? partitions : [table];
  return parts.reduce((sum, { parameters }) => sum + (sizeInParameters(parameters)?.bytes ?? 0), 0);
}
