import { isManaged, isTransactional } from '../inventory/table-kind.ts';
import { sortedEntries } from '../model/order.ts';
import type { Decision } from '../model/plan.ts';
import type { ClusterProfile, ScriptSettings } from '../model/script-settings.ts';
import type { Parameters, Table } from '../model/table.ts';
import { isLegacy, targetProfile } from './script-rules.ts';
import type { Rewrite } from './rewrite.ts';

const PURGE = 'external.table.purge';

/** What no copy keeps. */
const NEVER_KEPT: readonly PropertyRule[] = [
  {
    rule: 'statistics-not-copied',
    reason: 'they describe what the source once held',
    drops: ['COLUMN_STATS_ACCURATE', 'numFiles', 'numRows', 'rawDataSize', 'totalSize'],
  },
  {
    rule: 'written-by-metastore',
    reason: 'the metastore writes it at each change',
    drops: ['transient_lastDdlTime', 'last_modified_by', 'last_modified_time'],
  },
  { rule: 'said-by-create-external', reason: 'CREATE EXTERNAL TABLE says it', drops: ['EXTERNAL'] },
  { rule: 'discovery-by-target', reason: 'the configuration of the target cluster decides on it', drops: ['discover.partitions'] },
];

const TRANSACTIONAL = ['transactional', 'transactional_properties', 'bucketing_version'];

export interface RewrittenProperties {
  readonly parameters: Parameters;
  readonly decisions: readonly Decision[];
}

/** What a rewritten table's properties depend on. */
export interface PropertiesInput {
  readonly source: Table;
  /** Kind after the rewrite. */
  readonly tableType: Table['tableType'];
  readonly rewrite: Rewrite;
  readonly settings: ScriptSettings;
}

/** Properties of a table that scripts create: kept, but for what a named rule drops or adds. */
export function rewriteProperties(input: PropertiesInput): RewrittenProperties {
  const rules = [...dropRules(input), ...addRules(input)];
  const parameters = rules.reduce<Parameters>(
    (held, { drops = [], adds = {} }) => ({ ...without(held, drops), ...adds }),
    input.source.parameters,
  );
  const fired = rules.filter(({ drops = [], adds = {} }) => touches(input.source.parameters, drops) || Object.keys(adds).length > 0);
  return {
    parameters: Object.fromEntries(sortedEntries(parameters)),
    decisions: fired.map(({ rule, reason, drops = [], adds = {} }) => ({
      rule,
      reason: `${[...present(input.source.parameters, drops), ...Object.entries(adds).map(([key, value]) => `${key}=${value}`)].join(', ')}: ${reason}`,
    })),
  };
}

interface PropertyRule extends Decision {
  readonly drops?: readonly string[];
  readonly adds?: Parameters;
}

function dropRules({ source, tableType, rewrite, settings }: PropertiesInput): readonly PropertyRule[] {
  const profile = targetProfile(settings);
  const isFreed = rewrite.makeNonTransactional === true || (isManaged(source) && tableType === 'EXTERNAL_TABLE');
  const isKept = settings.strategy === 'STORAGE_MIGRATION';
  return [
    ...(isFreed ? [{ rule: 'not-transactional', reason: 'the table is external, without transactions', drops: TRANSACTIONAL }] : []),
    ...NEVER_KEPT,
    ...(rewrite.takeOwnership === true || isKept
      ? []
      : [{ rule: 'data-not-owned', reason: 'the table does not own its files: a DROP must not remove them', drops: [PURGE] }]),
    ...(isLegacy(profile) && rewrite.role === 'target' && !isKept
      ? [{ rule: 'legacy-target', reason: 'Hive 1 and 2 do not know it', drops: [PURGE, 'bucketing_version'] }]
      : []),
  ];
}

function addRules(input: PropertiesInput): readonly PropertyRule[] {
  const { rewrite, settings } = input;
  return [
    ...purge(input),
    ...conversionMarks(input),
    ...discovery(input, targetProfile(settings)),
    ...(rewrite.role === 'target'
      ? stamps(input)
      : [{ rule: 'working-table', reason: 'it is dropped by the clean-up', adds: workingMark(rewrite) }]),
  ];
}

/** The target owns its files: a DROP there removes them, as it did at the source. */
function purge({ source, rewrite, settings: { noPurge, acid } }: PropertiesInput): readonly PropertyRule[] {
  const rule = { rule: 'data-owned', reason: 'a DROP removes the files, as it did at the source', adds: { [PURGE]: 'true' } };
  if (isTransactional(source)) {
    const isDowngrade = acid.downgrade && !noPurge && (rewrite.takeOwnership === true || rewrite.makeExternal === true);
    return isDowngrade || (rewrite.role === 'transfer' && rewrite.takeOwnership === true) ? [rule] : [];
  }
  if (rewrite.takeOwnership !== true) return [];
  return rewrite.upgrade === true && isManaged(source) && noPurge ? [] : [rule];
}

function conversionMarks({ source, rewrite, settings }: PropertiesInput): readonly PropertyRule[] {
  if (!isTransactional(source)) {
    if (rewrite.upgrade !== true || !isManaged(source)) return [];
    const adds = { 'hms-mirror_LegacyManaged': 'true', 'hms-mirror_Converted': 'true' };
    return [{ rule: 'managed-becomes-external', reason: 'managed tables of Hive 3 and 4 are transactional', adds }];
  }
  const isDowngraded = settings.acid.downgrade && rewrite.makeExternal === true;
  return isDowngraded
    ? [{ rule: 'downgraded-from-acid', reason: 'the table is external, without transactions', adds: { downgraded_from_acid: 'true' } }]
    : [];
}

function discovery({ source, tableType }: PropertiesInput, profile: ClusterProfile): readonly PropertyRule[] {
  if (!profile.partitionDiscovery || isLegacy(profile) || source.partitionKeys.length === 0 || tableType !== 'EXTERNAL_TABLE') return [];
  return [{ rule: 'partition-discovery', reason: 'the target cluster discovers partitions', adds: { 'discover.partitions': 'true' } }];
}

/** Marks that later runs look for: a table that was converted in place is not converted again. */
function stamps({ source, settings: { stamp, acid, strategy, iceberg } }: PropertiesInput): readonly PropertyRule[] {
  const adds = {
    ...(stamp === undefined ? {} : { 'hms-mirror_Metadata_Stage1': stamp }),
    ...(acid.inPlace && isTransactional(source) ? { acid_inplace: stamp ?? 'true' } : {}),
    ...(strategy === 'STORAGE_MIGRATION' ? { 'hms-mirror-STORAGE_MIGRATED': stamp ?? 'true' } : {}),
    ...(iceberg.convert ? { 'format-version': String(iceberg.formatVersion) } : {}),
  };
  return Object.keys(adds).length === 0 ? [] : [{ rule: 'marked', reason: 'later runs see what was done', adds }];
}

function workingMark({ role }: Rewrite): Parameters {
  return { [role === 'transfer' ? 'hms-mirror_transfer_table' : 'hms-mirror_shadow_table']: 'true' };
}

function without(parameters: Parameters, keys: readonly string[]): Parameters {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !gone.has(key.toLowerCase())));
}

function present(parameters: Parameters, keys: readonly string[]): readonly string[] {
  const asked = new Set(keys.map((key) => key.toLowerCase()));
  return sortedEntries(parameters).flatMap(([key]) => (asked.has(key.toLowerCase()) ? [key] : []));
}

function touches(parameters: Parameters, keys: readonly string[]): boolean {
  return present(parameters, keys).length > 0;
}
