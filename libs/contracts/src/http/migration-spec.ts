import type { MigrationSpec } from '@hiveferry/ports';
import type { MigrationRequest } from './migration.ts';

/** What is kept of a request; whether to execute is said to the run, not kept with the migration. PULL is what is meant when no flow is kept. */
export function migrationSpecOf(request: MigrationRequest): MigrationSpec {
  const { execute: _execute, distcp, selection, commonStorage, copy, ...kept } = request;
  const { flow, ...copying } = distcp;
  return {
    ...kept,
    ...(copy.by === 'external' && { copy: { by: copy.by } }),
    ...(commonStorage && { commonStorage }),
    targets: [...new Set(request.targets)],
    selection: { ...selection, databases: [...new Set(selection.databases)] },
    distcp: flow === 'PULL' ? copying : { ...copying, flow },
  };
}
