import type { DataStrategyName } from '../model/plan-settings.ts';
import { common } from './common.ts';
import { convertLinked } from './convert-linked.ts';
import { dump } from './dump.ts';
import { exportImport } from './export-import.ts';
import { hybrid } from './hybrid.ts';
import { icebergConversion } from './iceberg-conversion.ts';
import { linked } from './linked.ts';
import { schemaOnly } from './schema-only.ts';
import { sql } from './sql.ts';
import { storageMigration } from './storage-migration.ts';
import type { DataStrategy } from './strategy.ts';

/** The ten strategies. */
export const STRATEGIES = {
  SCHEMA_ONLY: schemaOnly,
  LINKED: linked,
  SQL: sql,
  EXPORT_IMPORT: exportImport,
  HYBRID: hybrid,
  STORAGE_MIGRATION: storageMigration,
  COMMON: common,
  DUMP: dump,
  CONVERT_LINKED: convertLinked,
  ICEBERG_CONVERSION: icebergConversion,
} as const satisfies Record<DataStrategyName, DataStrategy>;

/** Strategies that the service can run; the others are refused by name. */
export const AVAILABLE_STRATEGIES: readonly string[] = Object.values<DataStrategy>(STRATEGIES)
  .filter(({ service }) => service !== undefined)
  .map(({ name }) => name);

/** False for a strategy whose plan only tells. */
export function isExecutable(name: DataStrategyName): boolean {
  const files = strategyNamed(name).service?.files;
  return files !== undefined && files !== 'described';
}

export function strategyNamed(name: DataStrategyName): DataStrategy {
  return STRATEGIES[name];
}
