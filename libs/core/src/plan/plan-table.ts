import type { DatabaseInput, TableInput } from '../inventory/table-input.ts';
import type { DatabasePlan, TablePlan } from '../model/plan.ts';
export function planTable(input: TableInput): TablePlan {
  return input as never;
}
export function planDatabase(input: DatabaseInput): DatabasePlan {
  return input as never;
}
