import { HmsMirrorSchema } from '../configuration-schema.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { RunRule } from '../run-rules.ts';
import { executeRule, isMovedByHive } from './execute-rule.ts';

const USUAL = HmsMirrorSchema.parse({});

type Applies = (configuration: HmsMirrorConfiguration) => boolean;

/** Where rows are inserted. */
function rule(applies: Applies, text: string): RunRule {
  return rowsRule((configuration) => configuration.dataStrategy !== 'EXPORT_IMPORT' && applies(configuration), text);
}

/** Where rows are inserted, or exported and imported. */
function rowsRule(applies: Applies, text: string): RunRule {
  return executeRule((configuration) => isMovedByHive(configuration.dataStrategy) && applies(configuration), text);
}

/** How Hive moves rows, where the service does it in a way of its own. */
export const INSERT_RULES: readonly RunRule[] = [
  rule(
    ({ saveWorkingTables, optimization: { compressTextOutput, autoTune, skip, sortDynamicPartitionInserts, overrides } }) =>
      saveWorkingTables ||
      compressTextOutput ||
      autoTune ||
      skip ||
      sortDynamicPartitionInserts ||
      Object.keys(overrides.properties).length > 0,
    'saveWorkingTables (-swt), optimization (-cto, -at, -so, -sdpi, -po, -pol, -por): inserts are written by rules of their own; leave them out',
  ),
  rule(
    ({ clusters }) =>
      [clusters.LEFT, clusters.RIGHT].some((cluster) => cluster?.enableAutoTableStats === true || cluster?.enableAutoColumnStats === true),
    'enableAutoTableStats, enableAutoColumnStats: inserts follow hive.stats.autogather and hive.stats.column.autogather of HiveServer2; set these there and leave them out',
  ),
  rowsRule(
    ({ migrateACID: { on, artificialBucketThreshold } }) => on && artificialBucketThreshold !== USUAL.migrateACID.artificialBucketThreshold,
    'migrateACID.artificialBucketThreshold (-ma N, -mao N): tables keep their buckets; leave the number out',
  ),
  rowsRule(
    ({ sync, migrateACID }) => sync && migrateACID.on,
    'sync (-s) with migrateACID (-ma, -mao, -da): a transactional table that is there is not replaced; leave one of them out',
  ),
  rowsRule(
    ({ dataStrategy, migrateACID, transfer }) =>
      (migrateACID.on || dataStrategy !== 'SQL') && transfer.exportBaseDirPrefix !== USUAL.transfer.exportBaseDirPrefix,
    "transfer.exportBaseDirPrefix: exports, and rows on their way, lie in a hidden directory of LEFT's external warehouse; leave it out",
  ),
  rowsRule(
    ({ translator }) => Object.keys(translator.warehouseMapBuilder.warehousePlans).length > 0,
    'warehousePlans (-wps): -e keeps paths and follows userGlobalLocationMap (-glm); map the directories there',
  ),
];
