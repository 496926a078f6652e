import { countRows } from '../hiveql/statements.ts';
import type { TablePlan } from '../model/plan.ts';

/**
 * Session settings for statements that count. Statistics, cached results and materialised views are no proof, and a fetch task cannot
 * read a table whose partitions have different formats (`ClassCastException`, Hive 3.1.3 and 4.0.1). A name that holds `${...}` is meant.
 */
export const MEASURING_SETTINGS: Readonly<Record<string, string>> = {
  'hive.compute.query.using.stats': 'false',
  'hive.fetch.task.conversion': 'none',
  'hive.materializedview.rewriting': 'false',
  'hive.query.results.cache.enabled': 'false',
  'hive.variable.substitute': 'false',
};

/** The statement that counts a table's rows on one side. */
export function rowCountQuery(plan: TablePlan, side: 'source' | 'target'): string {
  return countRows(side === 'source' ? plan.source : plan.target);
}
