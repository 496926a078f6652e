import { HmsMirrorSchema } from '../configuration-schema.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { RunRule } from '../run-rules.ts';
import { executeRule } from './execute-rule.ts';

const USUAL = HmsMirrorSchema.parse({});

/** Of strategy SQL: the others insert no rows. */
function rule(applies: (configuration: HmsMirrorConfiguration) => boolean, text: string): RunRule {
  return executeRule((configuration) => configuration.dataStrategy === 'SQL' && applies(configuration), text);
}

/** How rows are inserted, where the service does it in a way of its own. */
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
  rule(
    ({ migrateACID: { on, artificialBucketThreshold } }) => on && artificialBucketThreshold !== USUAL.migrateACID.artificialBucketThreshold,
    'migrateACID.artificialBucketThreshold (-ma N, -mao N): tables keep their buckets; leave the number out',
  ),
  rule(
    ({ sync, migrateACID }) => sync && migrateACID.on,
    'sync (-s) with migrateACID (-ma, -mao, -da): a transactional table that is there is not replaced; leave one of them out',
  ),
  rule(
    ({ migrateACID, transfer }) => migrateACID.on && transfer.exportBaseDirPrefix !== USUAL.transfer.exportBaseDirPrefix,
    "transfer.exportBaseDirPrefix: rows on their way lie in a hidden directory of LEFT's external warehouse; leave it out",
  ),
  rule(
    ({ translator }) => Object.keys(translator.warehouseMapBuilder.warehousePlans).length > 0,
    'warehousePlans (-wps): -e keeps paths and follows userGlobalLocationMap (-glm); map the directories there',
  ),
];
