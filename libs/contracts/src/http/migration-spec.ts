import type { MigrationSpec, TargetSettings } from '@hiveferry/ports';
import { clusterOfTarget } from './migration.ts';
import type { MigrationRequest, TargetRequest } from './migration.ts';

/** What is kept of a request; whether to execute is said to the run, not kept with the migration. PULL is what is meant when no flow is kept. */
export function migrationSpecOf(request: MigrationRequest): MigrationSpec {
  const { execute: _execute, distcp, selection, commonStorage, copy, ...kept } = request;
  const own = request.targets.flatMap((target) => (typeof target === 'string' ? [] : [[target.cluster, settingsOf(target)] as const]));
  return {
    ...kept,
    ...(copy.by === 'external' && { copy: { by: copy.by } }),
    ...(commonStorage && { commonStorage }),
    targets: [...new Set(request.targets.map(clusterOfTarget))],
    ...(own.length > 0 && { targetSettings: Object.fromEntries(own) }),
    selection: { ...selection, databases: [...new Set(selection.databases)] },
    distcp: copyingOf(distcp),
  };
}

/** The request as it holds for one target. */
export function specOnTarget({ targetSettings, ...spec }: MigrationSpec, target: string): MigrationSpec {
  const { copy, ...own } = targetSettings?.[target] ?? {};
  const { copy: general, ...rest } = { ...spec, ...own };
  const by = copy?.by ?? general?.by;
  return by === 'external' ? { ...rest, copy: { by } } : rest;
}

function settingsOf({ cluster: _cluster, distcp, ...own }: TargetRequest): TargetSettings {
  return distcp === undefined ? own : { ...own, distcp: copyingOf(distcp) };
}

function copyingOf({ flow, ...limits }: MigrationRequest['distcp']): MigrationSpec['distcp'] {
  return flow === 'PULL' ? limits : { ...limits, flow };
}
