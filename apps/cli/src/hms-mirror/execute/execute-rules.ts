import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { RunRule } from '../run-rules.ts';

const BY_HAND = 'or run the scripts of a dry run by hand (without -e)';
/** Those that the service executes. */
const STRATEGIES: readonly HmsMirrorConfiguration['dataStrategy'][] = ['SCHEMA_ONLY', 'LINKED', 'COMMON', 'SQL'];

/** @param text begins with the key and its option, and says what works instead */
function rule(applies: (configuration: HmsMirrorConfiguration) => boolean, text: string): RunRule {
  return {
    code: 'EXECUTE_NOT_AVAILABLE',
    applies: ({ configuration }) => configuration.execute && applies(configuration),
    text: ({ configuration }) => `${text.replace('{strategy}', configuration.dataStrategy)}, ${BY_HAND}`,
  };
}

const isSet = (text: string | undefined): boolean => text !== undefined && text !== '';

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
    ({ clusters }) => clusters.RIGHT?.hiveServer2?.disconnected === true,
    'clusters.RIGHT.hiveServer2.disconnected (-rid): nothing can be executed there; leave it out',
  ),
  rule(({ databaseOnly }) => databaseOnly, 'databaseOnly (-dbo): a database is made with its tables; leave it out'),
  rule(({ dbRename }) => isSet(dbRename), 'dbRename (-dbr): use dbPrefix (-dbp)'),
  rule(
    ({ transfer }) => transfer.storageMigration.translationType === 'ALIGNED',
    'translationType (-tt) ALIGNED: -e keeps paths (RELATIVE) and follows userGlobalLocationMap (-glm); map the directories there',
  ),
  rule(
    ({ translator }) => Object.values(translator.userGlobalLocationMap).some((kinds) => kinds.EXTERNAL_TABLE === undefined),
    'userGlobalLocationMap (-glm): -e makes external tables; say a place for EXTERNAL_TABLE in each entry',
  ),
  rule(
    ({ transfer }) => isSet(transfer.intermediateStorage) || transfer.storageMigration.dataFlow === 'PUSH_PULL',
    'intermediateStorage (-is), dataFlow PUSH_PULL: files go from cluster to cluster; use -dc PULL or -dc PUSH',
  ),
  rule(
    ({ transfer: { distcp } }) => distcp.window !== undefined || distcp.maxMbPerSecond > 0,
    'transfer.distcp.window, transfer.distcp.maxMbPerSecond: -e starts copies at once and shares no bandwidth between them; leave them out',
  ),
  rule(
    ({ migrateACID, dataStrategy }) => migrateACID.on && (dataStrategy !== 'SQL' || migrateACID.inplace || !migrateACID.downgrade),
    'migrateACID (-ma, -mao, -ip): transactional tables go by -d SQL with -da, as external tables; use these',
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
    ({ clusters, sync }) => clusters.RIGHT?.createIfNotExists === true && !sync,
    'createIfNotExists (-cine): a table that is there is left alone, or made alike by -sync; leave it out',
  ),
  rule(
    ({ skipLegacyTranslation, legacyTranslations }) => skipLegacyTranslation || Object.keys(legacyTranslations.rowSerde).length > 0,
    'skipLegacyTranslation (-slt), legacyTranslations: classes are renamed by rules of their own; leave it out',
  ),
  rule(({ skipFeatures }) => skipFeatures, 'skipFeatures (-sf): definitions are always repaired; leave it out'),
  rule(
    ({ dataStrategy, optimization, saveWorkingTables }) =>
      dataStrategy === 'SQL' &&
      (saveWorkingTables ||
        optimization.compressTextOutput ||
        optimization.autoTune ||
        Object.keys(optimization.overrides.properties).length > 0),
    'saveWorkingTables (-swt), optimization (-cto, -at, -po, -pol, -por): inserts are written by rules of their own; leave them out',
  ),
];
