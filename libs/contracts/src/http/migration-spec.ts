import type { MigrationSpec, TargetSettings } from '@hiveferry/ports';
import { clusterOfTarget } from './migration.ts';
import type { MigrationRequest, TargetRequest } from './migration.ts';

/** What is kept of a request; whether to execute is said to the run, not kept with the migration. PULL is what is meant when no flow is kept. */
export function migrationSpecOf(request: MigrationRequest): MigrationSpec {
  const {
    execute: _execute,
    distcp,
    selection,
    commonStorage,
    copy,
    onExisting,
    vanished,
    transactionalTables,
    partitionDiscovery,
    ...kept
  } = request;
  const own = request.targets.flatMap((target) => (typeof target === 'string' ? [] : [[target.cluster, settingsOf(target)] as const]));
  return {
    ...kept,
    ...replaced({ copy, onExisting, transactionalTables, partitionDiscovery }),
    ...(commonStorage && { commonStorage }),
    ...(vanished.drop && { vanished: limitsOf(vanished) }),
    targets: [...new Set(request.targets.map(clusterOfTarget))],
    ...(own.length > 0 && { targetSettings: Object.fromEntries(own) }),
    selection: selectionOf(selection),
    distcp: copyingOf(distcp),
  };
}

/** The request as it holds for one target. */
export function specOnTarget({ targetSettings, ...spec }: MigrationSpec, target: string): MigrationSpec {
  const { copy, onExisting, transactionalTables, partitionDiscovery, ...own } = targetSettings?.[target] ?? {};
  const { copy: _copy, onExisting: _sync, transactionalTables: _kind, partitionDiscovery: _discovery, ...rest } = { ...spec, ...own };
  return {
    ...rest,
    ...replaced({
      copy: copy ?? spec.copy,
      onExisting: onExisting ?? spec.onExisting,
      transactionalTables: transactionalTables ?? spec.transactionalTables,
      partitionDiscovery: partitionDiscovery ?? spec.partitionDiscovery,
    }),
  };
}

/** Settings whose usual value is kept by leaving them out, so that requests of before mean what they meant. */
interface Usual {
  readonly copy: { readonly by: string } | undefined;
  readonly onExisting: string | undefined;
  readonly transactionalTables: string | undefined;
  readonly partitionDiscovery: { readonly auto?: boolean; readonly msckSync?: boolean } | undefined;
}

type UsualSettings = Pick<MigrationSpec, 'copy' | 'onExisting' | 'transactionalTables' | 'partitionDiscovery'>;

function replaced({ copy, onExisting, transactionalTables, partitionDiscovery }: Usual): UsualSettings {
  const { auto = false, msckSync = false } = partitionDiscovery ?? {};
  return {
    ...(copy?.by === 'external' && { copy: { by: 'external' } }),
    ...(onExisting === 'sync' && { onExisting: 'sync' }),
    ...(transactionalTables === 'migrate' && { transactionalTables: 'migrate' }),
    ...((auto || msckSync) && { partitionDiscovery: { ...(auto && { auto }), ...(msckSync && { msckSync }) } }),
  };
}

function settingsOf({ cluster: _cluster, distcp, ...own }: TargetRequest): TargetSettings {
  return distcp === undefined ? own : { ...own, distcp: copyingOf(distcp) };
}

function limitsOf({ atMost, atMostPercent }: MigrationRequest['vanished']): NonNullable<MigrationSpec['vanished']> {
  return { atMost, ...(atMostPercent !== undefined && { atMostPercent }) };
}

function selectionOf({ lookAround, databases, ...rest }: MigrationRequest['selection']): MigrationSpec['selection'] {
  return { ...rest, databases: [...new Set(databases)], ...(lookAround !== 'limited' && { lookAround }) };
}

function copyingOf({ flow, ...limits }: MigrationRequest['distcp']): MigrationSpec['distcp'] {
  return flow === 'PULL' ? limits : { ...limits, flow };
}
