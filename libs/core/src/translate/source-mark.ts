import type { PlanSettings } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Parameters, TableName } from '../model/table.ts';

/** Property that says which table of which cluster a sync makes an object like. */
export const SOURCE_MARK = 'hiveferry.source';
/** The one that hms-mirror leaves on what it makes. */
export const MIRROR_MARK = 'hms-mirror_metadata_stage1';

export function sourceMark(cluster: string, table: TableName): string {
  return `${cluster}:${displayName(table)}`;
}

/** A sync that drops what vanished marks what it keeps: another time it drops nothing else. */
export function withMark(parameters: Parameters, { vanished }: PlanSettings, mark: string): Parameters {
  return vanished === undefined ? parameters : { ...parameters, [SOURCE_MARK]: mark };
}
