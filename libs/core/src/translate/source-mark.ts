import type { ClusterFacts } from '../model/cluster.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import { displayName } from '../model/table.ts';
import type { Parameters, TableName } from '../model/table.ts';

/** Property that says which table of which cluster a sync makes an object like. */
export const SOURCE_MARK = 'hiveferry.source';

/** Clusters of which somebody gave two the same name are told apart by their file systems. */
export function sourceMark({ name, namespace }: Pick<ClusterFacts, 'name' | 'namespace'>, table: TableName): string {
  return `${name}@${namespace}:${displayName(table)}`;
}

/** A sync that drops what vanished marks what it keeps: another time it drops nothing else. */
export function withMark(parameters: Parameters, { vanished }: PlanSettings, mark: string): Parameters {
  return vanished === undefined ? parameters : { ...parameters, [SOURCE_MARK]: mark };
}
