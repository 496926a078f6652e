import { setTableProperties, syncPartitions } from '../hiveql/script-statements.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { parameterOf } from '../inventory/table-kind.ts';
import { differingPartitions } from '../compare/compare-partitions.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { PlannedStatement, TablePlan } from '../model/plan.ts';
import type { PartitionDiscovery } from '../model/plan-settings.ts';
import { displayName } from '../model/table.ts';
import { isExecutable } from '../strategies/registry.ts';
import { onTarget } from './statements.ts';

/** Adds what the request asks for of partition discovery: statements that run when the table is proved. */
export function withDiscovery(plan: TablePlan, input: TableInput): TablePlan {
  const discovery = input.settings.partitionDiscovery;
  if (discovery === undefined || plan.decision === 'REFUSED' || !isExecutable(plan.strategy)) return plan;
  if (plan.object === 'view' || (plan.expected?.partitionKeys ?? []).length === 0) return plan;
  return {
    ...plan,
    discovery,
    statements: [...plan.statements, ...discoveryStatements(plan, input, discovery)],
    issues: [...plan.issues, ...comingBack(plan, input)],
  };
}

/** MSCK first: from the property on the metastore acts by itself. */
function discoveryStatements(plan: TablePlan, { target }: TableInput, { auto, msckSync }: PartitionDiscovery): readonly PlannedStatement[] {
  const isKept = plan.existing !== undefined && plan.existing.definition !== 'replaced';
  const isSet = isKept && target !== undefined && parameterOf(target, 'discover.partitions')?.toLowerCase() === 'true';
  return [
    ...(msckSync === true ? [onTarget('repair-partitions', syncPartitions(plan.target))] : []),
    ...(auto === true && !isSet
      ? [onTarget('discover-partitions', setTableProperties(plan.target, { 'discover.partitions': 'true' }))]
      : []),
  ];
}

/** Dropped from the metastore, but not from the file system: that is not ours to do. */
function comingBack(plan: TablePlan, { targetPartitions = [] }: TableInput): readonly Issue[] {
  if (plan.existing === undefined) return [];
  const { unexpected } = differingPartitions(plan, targetPartitions);
  if (unexpected.length === 0) return [];
  return [issue('DISCOVERY_ATTACHES_AGAIN', displayName(plan.source), { count: unexpected.length, examples: unexpected.slice(0, 5) })];
}
