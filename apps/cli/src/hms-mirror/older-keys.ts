import { isTree, valueAt, withValue, withoutValue } from './tree.ts';
import type { Tree } from './tree.ts';

/** What an older key means in today's: values by path. */
type Meaning = (value: unknown) => readonly { readonly path: string; readonly key?: string; readonly value: unknown }[];

const moved =
  (path: string): Meaning =>
  (value) => [{ path, value }];

/** Read and without effect, as in hms-mirror 3. */
const gone: Meaning = () => [];

const distcp: Meaning = (value) =>
  String(value) === 'true' ? [{ path: 'transfer.storageMigration.dataMovementStrategy', value: 'DISTCP' }] : [];

const ownership: Meaning = (value) =>
  isTree(value)
    ? [{ path: 'ownershipTransfer', value }]
    : [
        { path: 'ownershipTransfer.database', value },
        { path: 'ownershipTransfer.table', value },
      ];

const USER_MAP = 'translator.userGlobalLocationMap';

const bothKinds = (to: unknown) => ({ EXTERNAL_TABLE: to, MANAGED_TABLE: to });

/** `{from: to}` as in hms-mirror 2, or a list of `{from, to}`. */
const locationMap: Meaning = (value) => {
  if (Array.isArray(value)) {
    return value.filter(isTree).map(({ from, to }) => ({ path: USER_MAP, key: String(from), value: bothKinds(to) }));
  }
  if (!isTree(value)) return [{ path: USER_MAP, value }];
  return Object.entries(value).map(([from, to]) => ({ path: USER_MAP, key: from, value: isTree(to) ? to : bothKinds(to) }));
};

/** `{db: {externalDirectory, managedDirectory}}`, or a list of `{sourcePath, targetPath}`, which maps directories. */
const warehousePlans: Meaning = (value) => {
  if (Array.isArray(value)) {
    return value
      .filter(isTree)
      .map(({ sourcePath, targetPath }) => ({ path: USER_MAP, key: String(sourcePath), value: bothKinds(targetPath) }));
  }
  return [{ path: 'translator.warehouseMapBuilder.warehousePlans', value }];
};

/** Keys of older versions, and forms that documents about hms-mirror use. */
export const OLDER_KEYS: Readonly<Record<string, Meaning>> = {
  'transfer.storageMigration.distcp': distcp,
  'transfer.commonStorage': moved('transfer.targetNamespace'),
  'transfer.translationType': moved('transfer.storageMigration.translationType'),
  'transfer.warehousePlans': warehousePlans,
  'translator.globalLocationMap': locationMap,
  'translator.dbLocationMap': gone,
  'optimization.sortDynamicPartitions': moved('optimization.sortDynamicPartitionInserts'),
  'migrateACID.downgradeInPlace': gone,
  'clusters.LEFT.metastoreDirect': moved('clusters.LEFT.metastore_direct'),
  'clusters.RIGHT.metastoreDirect': moved('clusters.RIGHT.metastore_direct'),
  transferOwnership: ownership,
  icebergConfig: moved('icebergConversion'),
  migratedNonNative: moved('migrateNonNative'),
  evaluatePartitionLocation: gone,
  resetToDefaultLocation: gone,
  outputDirectory: gone,
  featureList: gone,
};

/** In place and downgrade ask for transactional tables, whatever `on` and `only` beside them say. */
const IMPLIED: readonly { readonly by: string; readonly paths: readonly string[] }[] = [
  { by: 'migrateACID.downgrade', paths: ['migrateACID.on'] },
  { by: 'migrateACID.inplace', paths: ['migrateACID.on', 'migrateACID.only'] },
];

/** The configuration with today's keys only; a key that stands there in today's form wins over an older one. */
export function withTodaysKeys(tree: Tree): Tree {
  const implied = IMPLIED.filter(({ by }) => String(valueAt(tree, by.split('.'))) === 'true').flatMap(({ paths }) => paths);
  return implied.reduce((current, path) => withValue(current, path.split('.'), true), renamed(tree));
}

function renamed(tree: Tree): Tree {
  return Object.entries(OLDER_KEYS).reduce((current, [from, meaning]) => {
    const value = valueAt(current, from.split('.'));
    if (value === undefined) return current;
    return meaning(value).reduce(
      (changed, { path, key, value: meant }) => {
        const place = key === undefined ? path.split('.') : [...path.split('.'), key];
        return valueAt(changed, place) === undefined ? withValue(changed, place, meant) : changed;
      },
      withoutValue(current, from.split('.')),
    );
  }, tree);
}
