import type { DataStrategyName } from '../model/plan.ts';
import { common } from './common.ts';
import { linked } from './linked.ts';
import { schemaOnly } from './schema-only.ts';
import type { DataStrategy } from './strategy.ts';

/** Strategies that can be asked for; the others are refused by name. */
const STRATEGIES = {
  SCHEMA_ONLY: schemaOnly,
  LINKED: linked,
  COMMON: common,
} satisfies Partial<Record<DataStrategyName, DataStrategy>>;

export const AVAILABLE_STRATEGIES: readonly string[] = Object.keys(STRATEGIES);

/** @returns undefined for a strategy that is not available yet */
export function strategyNamed(name: DataStrategyName): DataStrategy | undefined {
  return Object.values(STRATEGIES).find((strategy) => strategy.name === name);
}
