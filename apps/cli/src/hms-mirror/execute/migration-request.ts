import type { NamedRequest } from '../../execute/plan-requests.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import { clusterNameOf } from './cluster-registration.ts';
import { isCopied, isMovedByHive } from './execute-rule.ts';
import type { PlannedDatabase } from './planned-tables.ts';
import { mapOfMoves } from './storage-moves.ts';

/** File systems that a configuration names, and those of the clusters. */
export interface Namespaces {
  /** `hcfsNamespace` and default file system of LEFT. */
  readonly sources: readonly string[];
  readonly target: string;
}

/** What all databases of a run have in common. */
export interface MirrorRequests {
  readonly configuration: HmsMirrorConfiguration;
  readonly namespaces: Namespaces;
  readonly proof: 'files' | 'rows';
}

/** The request for one database, as `POST /v1/migrations` takes it: all that the configuration says of how it is moved. */
export function migrationRequestOf(database: PlannedDatabase, { configuration, namespaces, proof }: MirrorRequests): NamedRequest {
  if (configuration.dataStrategy === 'STORAGE_MIGRATION') return relocationRequestOf(database, configuration, proof);
  const { dataStrategy, dbPrefix = '', sync, clusters } = configuration;
  const discovery = clusters.RIGHT?.partitionDiscovery;
  const body = {
    name: `hms-mirror ${database.name}`,
    source: clusterNameOf('LEFT'),
    targets: [clusterNameOf('RIGHT')],
    selection: selectionOf(database),
    strategy: dataStrategy,
    databasePrefix: dbPrefix,
    proof,
    ...(dataStrategy === 'COMMON' ? { commonStorage: true } : {}),
    ...(isCopied(dataStrategy) || isMovedByHive(dataStrategy) ? { locations: { map: locationMapOf(configuration, namespaces) } } : {}),
    ...(staysTransactional(configuration) ? { transactionalTables: 'migrate' } : {}),
    ...(dataStrategy === 'HYBRID' ? { hybrid: limitsOf(configuration) } : {}),
    ...copyingOf(configuration),
    ...(sync ? { onExisting: 'sync' } : {}),
    ...(discovery === undefined ? {} : { partitionDiscovery: { auto: discovery.auto, msckSync: discovery.initMSCK } }),
  };
  return { name: database.name, body };
}

/** Its tables stay where they are: a request that moves nothing is refused, and with it those of other databases. */
export function asksForNothing({ tables }: PlannedDatabase, { dataStrategy }: HmsMirrorConfiguration): boolean {
  return dataStrategy === 'STORAGE_MIGRATION' && [...tables.values()].every(({ moves = [] }) => moves.length === 0);
}

/** Negative numbers are no limit there. */
function limitsOf({ hybrid }: HmsMirrorConfiguration): object {
  return {
    exportPartitionLimit: Math.max(0, hybrid.exportImportPartitionLimit),
    sqlPartitionLimit: Math.max(0, hybrid.sqlPartitionLimit),
    sqlSizeLimitBytes: Math.max(0, hybrid.sqlSizeLimit),
  };
}

/** Within LEFT: each directory goes where its script sends it. */
function relocationRequestOf(database: PlannedDatabase, configuration: HmsMirrorConfiguration, proof: 'files' | 'rows'): NamedRequest {
  const moves = [...database.tables.values()].flatMap((table) => table.moves ?? []);
  const body = {
    name: `hms-mirror ${database.name}`,
    source: clusterNameOf('LEFT'),
    targets: [clusterNameOf('LEFT')],
    selection: selectionOf(database),
    strategy: configuration.dataStrategy,
    proof,
    locations: { map: mapOfMoves(moves) },
    ...copyingOf(configuration),
  };
  return { name: database.name, body };
}

function selectionOf({ name, leftOut }: PlannedDatabase): object {
  return { databases: [name], ...(leftOut.length === 0 ? {} : { excludeTables: patternsOf(leftOut) }) };
}

/** `-ma` and `-mao` without `-da`: managed, where Hive of the target keeps such tables. */
function staysTransactional({ dataStrategy, migrateACID }: HmsMirrorConfiguration): boolean {
  return isMovedByHive(dataStrategy) && migrateACID.on && !migrateACID.downgrade;
}

/** Without DistCp others bring the files, by lists and a script that DistCp's settings shape. A sync by DistCp copies into tables that are there, as the scripts do it. */
function copyingOf({ dataStrategy, sync, transfer: { storageMigration, distcp } }: HmsMirrorConfiguration): object {
  if (!isCopied(dataStrategy)) return {};
  const called = { distcp: { flow: storageMigration.dataFlow, ...distcpOf(distcp) } };
  if (storageMigration.dataMovementStrategy !== 'DISTCP') return { copy: { by: 'external' }, ...called };
  return { ...called, ...(sync ? { allowedHazards: ['IN_PLACE_REFRESH'] } : {}) };
}

/** A time of day is one of this machine, as for whoever runs the scripts here. */
function distcpOf({ slots, maxMappers, maxMbPerSecond, window, queue, properties, preserve }: DistCpConfiguration): object {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    slots,
    maxMappers,
    ...(maxMbPerSecond > 0 ? { maxMbPerSecond } : {}),
    ...(window === undefined ? {} : { window: { ...window, timeZone } }),
    ...(queue === undefined || queue === '' ? {} : { queue }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(preserve === undefined ? {} : { preserve }),
  };
}

type DistCpConfiguration = HmsMirrorConfiguration['transfer']['distcp'];

/** Paths stay, file systems change; the configuration's own map goes before. */
function locationMapOf({ translator }: HmsMirrorConfiguration, { sources, target }: Namespaces): readonly object[] {
  const withNamespace = (path: string): string => (path.includes('://') ? path : `${target}${path}`);
  const mapped = Object.entries(translator.userGlobalLocationMap).flatMap(([from, { EXTERNAL_TABLE: to }]) =>
    to === undefined ? [] : sources.map((source) => ({ from: `${source}${pathOf(from)}`, to: withNamespace(to) })),
  );
  const whole = sources.filter((source) => source !== target).map((source) => ({ from: source, to: target }));
  return [...mapped, ...whole];
}

const pathOf = (location: string): string => location.replace(/^[a-z0-9]+:\/\/[^/]*/i, '');

/** Longest pattern that a request may hold, with room to spare. */
const PATTERN_LENGTH = 450;

/** Names as regular expressions, many in one: a request holds a bounded number of them. */
function patternsOf(names: readonly string[]): readonly string[] {
  const patterns: string[] = [];
  for (const name of names.map(literalPattern)) {
    const last = patterns.at(-1);
    if (last !== undefined && last.length + name.length < PATTERN_LENGTH) patterns[patterns.length - 1] = `${last}|${name}`;
    else patterns.push(name);
  }
  return patterns;
}

const literalPattern = (name: string): string => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
