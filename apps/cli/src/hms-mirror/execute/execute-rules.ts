import { HmsMirrorSchema } from '../configuration-schema.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { RunRule } from '../run-rules.ts';
import { INSERT_RULES } from './insert-rules.ts';
import { executeRule as rule, isCopied, isMovedByHive, isSet } from './execute-rule.ts';
import { STORAGE_RULES } from './storage-rules.ts';

/** Those that the service executes. */
const STRATEGIES: readonly HmsMirrorConfiguration['dataStrategy'][] = [
  'SCHEMA_ONLY',
  'LINKED',
  'CONVERT_LINKED',
  'COMMON',
  'SQL',
  'EXPORT_IMPORT',
  'HYBRID',
  'STORAGE_MIGRATION',
];

const USUAL_DISTCP = HmsMirrorSchema.parse({}).transfer.distcp;

/** What `-e` cannot run through the service's steps: refused before anything is done. */
export const EXECUTE_RULES: readonly RunRule[] = [
  rule(
    ({ dataStrategy }) => !STRATEGIES.includes(dataStrategy),
    `dataStrategy (-d) {strategy}: -e executes ${STRATEGIES.join(', ')}; choose one of them`,
  ),
  rule(
    ({ loadTestDataFile }) => isSet(loadTestDataFile),
    'loadTestDataFile (-ltd): a data set is no cluster; leave it out, so that LEFT and RIGHT are read as they are now',
  ),
  rule(
    ({ clusters }) => [clusters.LEFT, clusters.RIGHT].some((cluster) => cluster?.hiveServer2?.disconnected === true),
    'hiveServer2.disconnected (-rid): executing takes both sides; leave it out',
  ),
  rule(({ databaseOnly }) => databaseOnly, 'databaseOnly (-dbo): a database is made with its tables; leave it out'),
  rule(({ dbRename }) => isSet(dbRename), 'dbRename (-dbr): use dbPrefix (-dbp)'),
  rule(
    ({ dataStrategy, transfer }) => dataStrategy !== 'STORAGE_MIGRATION' && transfer.storageMigration.translationType === 'ALIGNED',
    'translationType (-tt) ALIGNED: -e keeps paths (RELATIVE) and follows userGlobalLocationMap (-glm); map the directories there',
  ),
  rule(
    ({ dataStrategy, translator }) =>
      dataStrategy !== 'STORAGE_MIGRATION' &&
      Object.values(translator.userGlobalLocationMap).some((kinds) => kinds.EXTERNAL_TABLE === undefined),
    'userGlobalLocationMap (-glm): -e makes external tables; say a place for EXTERNAL_TABLE in each entry',
  ),
  rule(
    ({ transfer }) => isSet(transfer.intermediateStorage) || transfer.storageMigration.dataFlow === 'PUSH_PULL',
    'intermediateStorage (-is), dataFlow PUSH_PULL: files go from cluster to cluster; use -dc PULL or -dc PUSH',
  ),
  rule(
    ({ dataStrategy, transfer: { storageMigration } }) =>
      (dataStrategy === 'LINKED' || dataStrategy === 'COMMON') && storageMigration.dataMovementStrategy === 'DISTCP',
    'dataMovementStrategy DISTCP (-dc) with {strategy}: its files stay where they are; leave -dc out, or use SCHEMA_ONLY',
  ),
  rule(
    ({ dataStrategy, transfer: { distcp } }) =>
      isCopied(dataStrategy) && (distcp.packing !== USUAL_DISTCP.packing || distcp.waveMinutes !== USUAL_DISTCP.waveMinutes),
    'transfer.distcp.packing, transfer.distcp.waveMinutes: -e copies each table by itself, as soon as there is room for it; leave them out',
  ),
  rule(
    ({ migrateACID, dataStrategy }) => migrateACID.on && (!isMovedByHive(dataStrategy) || migrateACID.inplace),
    'migrateACID (-ma, -mao, -ip): transactional tables go by -d SQL, EXPORT_IMPORT or HYBRID, and not in place; use one of these',
  ),
  rule(({ icebergConversion }) => icebergConversion.enable, 'icebergConversion.enable: tables keep their format; turn it off'),
  rule(
    ({ migrateNonNative }) => migrateNonNative,
    'migrateNonNative (-mnn, -mnno): tables of storage handlers are not executed; leave it out',
  ),
  rule(
    ({ ownershipTransfer }) => ownershipTransfer.database || ownershipTransfer.table,
    'ownershipTransfer (-to, -todb, -totbl): owners are not carried over; leave it out and set them afterwards',
  ),
  rule(
    ({ filter }) => filter.dbPropertySkipList.length > 0,
    'filter.dbPropertySkipList (-dbsp): properties of databases go by rules of their own; leave it out',
  ),
  rule(
    ({ clusters, sync, dataStrategy }) => clusters.RIGHT?.createIfNotExists === true && (!sync || isMovedByHive(dataStrategy)),
    'createIfNotExists (-cine): a table that is there is left alone, or made alike by -sync (not with SQL, EXPORT_IMPORT, HYBRID); leave it out',
  ),
  rule(
    ({ skipLegacyTranslation, legacyTranslations }) => skipLegacyTranslation || Object.keys(legacyTranslations.rowSerde).length > 0,
    'skipLegacyTranslation (-slt), legacyTranslations: classes are renamed by rules of their own; leave it out',
  ),
  rule(({ skipFeatures }) => skipFeatures, 'skipFeatures (-sf): definitions are always repaired; leave it out'),
  ...STORAGE_RULES,
  ...INSERT_RULES,
];
