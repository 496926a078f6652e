import { isLegacy } from './cluster-schema.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';
import type { RunRule } from './run-rules.ts';

const READ_ONLY_STRATEGIES: readonly HmsMirrorConfiguration['dataStrategy'][] = ['SCHEMA_ONLY', 'LINKED', 'SQL', 'COMMON'];

const isInPlace = ({ migrateACID }: HmsMirrorConfiguration) => migrateACID.on && migrateACID.inplace;

/** Settings that do not go together. */
export const COMBINATION_RULES: readonly RunRule[] = [
  {
    code: 'COMMON_STORAGE_WITH_DA_IP',
    applies: ({ configuration }) => isInPlace(configuration) && given(configuration.transfer.targetNamespace),
    text: () => 'migrateACID.inplace (-ip) stays on LEFT: remove transfer.targetNamespace (-smn, -cs)',
  },
  {
    code: 'INTERMEDIATE_STORAGE_WITH_DA_IP',
    applies: ({ configuration }) => isInPlace(configuration) && given(configuration.transfer.intermediateStorage),
    text: () => 'migrateACID.inplace (-ip) needs no way station: remove transfer.intermediateStorage (-is)',
  },
  {
    code: 'DISTCP_W_DA_IP_ACID',
    applies: ({ configuration }) => isInPlace(configuration) && configuration.transfer.storageMigration.dataMovementStrategy === 'DISTCP',
    text: () => 'migrateACID.inplace (-ip) rewrites data by SQL: remove DISTCP (-dc)',
  },
  {
    code: 'DA_IP_NON_LEGACY',
    applies: ({ configuration }) =>
      isInPlace(configuration) && configuration.clusters.LEFT !== undefined && isLegacy(configuration.clusters.LEFT),
    text: () => 'migrateACID.inplace (-ip) needs Hive 3 or newer on LEFT; check clusters.LEFT.platformType',
  },
  {
    code: 'TARGET_NAMESPACE_NOT_DEFINED',
    applies: ({ configuration }) => needsNamespace(configuration) && !hasNamespace(configuration),
    text: () => 'where the data goes is not said: give transfer.targetNamespace (-smn), or clusters.RIGHT.hcfsNamespace',
  },
  {
    code: 'WAREHOUSE_DIRS_SAME_DIR',
    applies: ({ configuration: { transfer } }) =>
      transfer.warehouse?.managedDirectory !== undefined && transfer.warehouse.managedDirectory === transfer.warehouse.externalDirectory,
    text: ({ configuration: { transfer } }) =>
      `transfer.warehouse: managedDirectory (-wd) and externalDirectory (-ewd) are both ${transfer.warehouse?.managedDirectory ?? ''}; Hive wants two`,
  },
  {
    code: 'COMMON_STORAGE_WITH_LINKED',
    applies: ({ configuration: { dataStrategy, transfer } }) => dataStrategy === 'LINKED' && given(transfer.targetNamespace),
    text: () => 'LINKED leaves data where it is: remove transfer.targetNamespace (-smn, -cs), or use COMMON or SCHEMA_ONLY',
  },
  {
    code: 'INTERMEDIATE_STORAGE_WITH_LINKED',
    applies: ({ configuration: { dataStrategy, transfer } }) => dataStrategy === 'LINKED' && given(transfer.intermediateStorage),
    text: () => 'LINKED leaves data where it is: remove transfer.intermediateStorage (-is), or use SQL',
  },
  {
    code: 'REPLACE_ONLY_WITH_SQL',
    applies: ({ configuration: { replace, dataStrategy } }) => replace && dataStrategy !== 'SQL',
    text: ({ configuration }) => `replace goes with SQL only (-d SQL), found ${configuration.dataStrategy}`,
  },
  {
    code: 'REPLACE_ONLY_WITH_DA',
    applies: ({ configuration: { replace, migrateACID } }) => replace && migrateACID.on && !migrateACID.downgrade,
    text: () => 'replace of transactional tables needs migrateACID.downgrade (-da)',
  },
  {
    code: 'RO_VALID_STRATEGIES',
    applies: ({ configuration: { readOnly, dataStrategy } }) => readOnly && !READ_ONLY_STRATEGIES.includes(dataStrategy),
    text: ({ configuration }) =>
      `readOnly (-ro) does not go with ${configuration.dataStrategy}; it goes with ${READ_ONLY_STRATEGIES.join(', ')}. To leave out purge only, use -np`,
  },
];

function needsNamespace({ dataStrategy, migrateACID }: HmsMirrorConfiguration): boolean {
  if (dataStrategy === 'DUMP' || dataStrategy === 'ICEBERG_CONVERSION') return false;
  return !(migrateACID.inplace && (dataStrategy === 'SQL' || dataStrategy === 'EXPORT_IMPORT'));
}

function hasNamespace({ transfer, clusters }: HmsMirrorConfiguration): boolean {
  return given(transfer.targetNamespace) || given(clusters.RIGHT?.hcfsNamespace);
}

function given(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}
