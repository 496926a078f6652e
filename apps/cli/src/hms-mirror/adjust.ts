import { platformOf } from './cluster-schema.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

type Movement = HmsMirrorConfiguration['transfer']['storageMigration']['dataMovementStrategy'];

/** What was changed before planning, and why. */
export interface Adjustment {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface Adjusted {
  readonly configuration: HmsMirrorConfiguration;
  readonly adjustments: readonly Adjustment[];
}

/** Brings a configuration into the state that its strategy works in. Copied behaviour: hms-mirror 3.2.0.1, ConfigService. */
export function adjust(given: HmsMirrorConfiguration): Adjusted {
  const steps = [withoutIceberg, translationFor, movementFor, safeSync, forcedLocations, viewsAreSchemas, withoutStatistics, dumpOnly];
  return steps.reduce<Adjusted>(
    (current, step) => {
      const { configuration, adjustments } = step(current.configuration);
      return { configuration, adjustments: [...current.adjustments, ...adjustments] };
    },
    { configuration: given, adjustments: [] },
  );
}

/** True when the locations of partitions take part in planning. */
export function isMetadataLoaded({ dataStrategy, transfer }: HmsMirrorConfiguration): boolean {
  const { translationType, dataMovementStrategy } = transfer.storageMigration;
  if (dataStrategy === 'LINKED' || dataStrategy === 'COMMON') return false;
  if (dataStrategy === 'DUMP') return true;
  if (translationType === 'ALIGNED' && dataMovementStrategy === 'DISTCP') return true;
  return (dataStrategy === 'SQL' || dataStrategy === 'STORAGE_MIGRATION') && dataMovementStrategy === 'SQL';
}

type Step = (configuration: HmsMirrorConfiguration) => Adjusted;

const withoutIceberg: Step = (given) => {
  const { icebergConversion, dataStrategy } = given;
  if (!icebergConversion.enable || dataStrategy === 'STORAGE_MIGRATION' || dataStrategy === 'SQL') return unchanged(given);
  const configuration = { ...given, icebergConversion: { ...icebergConversion, enable: false } };
  return changed(configuration, 'icebergConversion.enable', ['true', 'false', 'only STORAGE_MIGRATION and SQL convert to Iceberg']);
};

const translationFor: Step = (given) => {
  const wanted = { DUMP: 'RELATIVE', STORAGE_MIGRATION: 'ALIGNED' } as const;
  const translationType = given.dataStrategy in wanted ? wanted[given.dataStrategy as keyof typeof wanted] : undefined; // checked by `in`
  const now = given.transfer.storageMigration.translationType;
  if (translationType === undefined || translationType === now) return unchanged(given);
  return changed(withStorageMigration(given, { translationType }), 'transfer.storageMigration.translationType', [
    now,
    translationType,
    `${given.dataStrategy} works with ${translationType} only`,
  ]);
};

const movementFor: Step = (given) => {
  const now = given.transfer.storageMigration.dataMovementStrategy;
  const wanted = movementOf(given);
  if (wanted === now) return unchanged(given);
  return changed(withStorageMigration(given, { dataMovementStrategy: wanted }), 'transfer.storageMigration.dataMovementStrategy', [
    now,
    wanted,
    `${given.dataStrategy} with ${given.transfer.storageMigration.translationType} locations moves data by ${wanted}`,
  ]);
};

function movementOf({ dataStrategy, transfer, icebergConversion }: HmsMirrorConfiguration): Movement {
  const { translationType, dataMovementStrategy: now } = transfer.storageMigration;
  switch (dataStrategy) {
    case 'DUMP':
    case 'EXPORT_IMPORT':
      return 'NA';
    case 'SCHEMA_ONLY':
      if (translationType === 'ALIGNED') return 'DISTCP';
      return now === 'SQL' ? 'MANUAL' : now;
    case 'SQL':
    case 'HYBRID':
      return 'SQL';
    case 'STORAGE_MIGRATION':
      if (icebergConversion.enable) return 'SQL';
      return now === 'NA' ? 'DISTCP' : now;
    case 'LINKED':
    case 'COMMON':
    case 'CONVERT_LINKED':
    case 'ICEBERG_CONVERSION':
    case 'ACID':
    case 'INTERMEDIATE':
      return now;
  }
}

/** Sync drops tables on the target: data that others brought there must not go with them. */
const safeSync: Step = (given) => {
  const { dataStrategy, sync, readOnly, noPurge } = given;
  if (!sync || (dataStrategy !== 'SCHEMA_ONLY' && dataStrategy !== 'LINKED') || (readOnly && noPurge)) return unchanged(given);
  return changed({ ...given, readOnly: true, noPurge: true }, 'readOnly, noPurge', [
    `${readOnly}, ${noPurge}`,
    'true, true',
    'sync may drop tables whose data others copied',
  ]);
};

const forcedLocations: Step = (given) => {
  const { dataStrategy, translator } = given;
  if (dataStrategy === 'DUMP' || dataStrategy === 'ICEBERG_CONVERSION' || translator.forceExternalLocation) return unchanged(given);
  const side = dataStrategy === 'STORAGE_MIGRATION' ? 'LEFT' : 'RIGHT';
  const cluster = given.clusters[side];
  if (cluster === undefined || platformOf(cluster) !== 'HDP3') return unchanged(given);
  const configuration = { ...given, translator: { ...translator, forceExternalLocation: true } };
  return changed(configuration, 'translator.forceExternalLocation', ['false', 'true', `${side} is HDP 3, which needs explicit locations`]);
};

const viewsAreSchemas: Step = (given) => {
  if (!given.migrateVIEW.on || given.dataStrategy === 'DUMP' || given.dataStrategy === 'SCHEMA_ONLY') return unchanged(given);
  const reason = 'views are carried by SCHEMA_ONLY and DUMP';
  return changed({ ...given, dataStrategy: 'SCHEMA_ONLY' }, 'dataStrategy', [given.dataStrategy, 'SCHEMA_ONLY', reason]);
};

/** Sizes are of use only where inserts are tuned by them. */
const withoutStatistics: Step = (given) => {
  const { dataStrategy, optimization, transfer } = given;
  const isUseless =
    dataStrategy === 'DUMP' ||
    dataStrategy === 'SCHEMA_ONLY' ||
    dataStrategy === 'EXPORT_IMPORT' ||
    (dataStrategy === 'STORAGE_MIGRATION' && transfer.storageMigration.dataMovementStrategy === 'DISTCP');
  if (!isUseless || optimization.skipStatsCollection) return unchanged(given);
  return unchanged({ ...given, optimization: { ...optimization, skipStatsCollection: true } });
};

const dumpOnly: Step = (given) => {
  if (given.dataStrategy !== 'DUMP' || !given.execute) return unchanged(given);
  return changed({ ...given, execute: false }, 'execute', ['true', 'false', 'DUMP only writes down']);
};

function withStorageMigration(
  given: HmsMirrorConfiguration,
  part: Partial<HmsMirrorConfiguration['transfer']['storageMigration']>,
): HmsMirrorConfiguration {
  return { ...given, transfer: { ...given.transfer, storageMigration: { ...given.transfer.storageMigration, ...part } } };
}

function unchanged(configuration: HmsMirrorConfiguration): Adjusted {
  return { configuration, adjustments: [] };
}

function changed(
  configuration: HmsMirrorConfiguration,
  key: string,
  [from, to, reason]: readonly [from: string, to: string, reason: string],
): Adjusted {
  return { configuration, adjustments: [{ key, from, to, reason }] };
}
