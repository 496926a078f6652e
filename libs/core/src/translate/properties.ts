import { sortedEntries } from '../model/order.ts';
import type { Decision } from '../model/plan.ts';
import type { Parameters } from '../model/table.ts';
import { SOURCE_MARK } from './source-mark.ts';

interface DropRule {
  readonly rule: string;
  readonly reason: string;
  readonly covers: (key: string, value: string) => boolean;
}

const STATISTICS: DropRule = {
  rule: 'statistics-not-copied',
  reason: 'statistics describe what the source once held; the target counts its own',
  covers: (key) =>
    /^(numRows|rawDataSize|totalSize|numFiles|numFilesErasureCoded|numPartitions|COLUMN_STATS_ACCURATE|STATS_GENERATED.*|DO_NOT_UPDATE_STATS)$/.test(
      key,
    ),
};

const TIMES: DropRule = {
  rule: 'written-by-metastore',
  reason: 'the metastore writes it at each change',
  covers: (key) => /^(transient_lastDdlTime|last_modified_(by|time))$/.test(key),
};

const TABLE_RULES: readonly DropRule[] = [
  STATISTICS,
  TIMES,
  { rule: 'said-by-create-external', reason: 'CREATE EXTERNAL TABLE says it', covers: (key) => /^EXTERNAL$/i.test(key) },
  {
    rule: 'written-by-translation',
    reason: "Hive 4's translation of managed tables writes it; the copy is external from the start",
    covers: (key) => key === 'TRANSLATED_TO_EXTERNAL' || key === 'OBJCAPABILITIES',
  },
  { rule: 'not-transactional', reason: 'an external table is never transactional', covers: (key) => /^transactional/i.test(key) },
  {
    rule: 'discovery-after-verification',
    reason: 'discovery drops partitions whose directory is not there yet',
    covers: (key, value) => key === 'discover.partitions' && value.toLowerCase() === 'true',
  },
  { rule: 'mark-of-another-copy', reason: 'it says what the source itself is a copy of', covers: (key) => key === SOURCE_MARK },
  { rule: 'purge-is-explicit', reason: 'written explicitly', covers: (key) => key === 'external.table.purge' },
  { rule: 'bucketing-version-is-explicit', reason: 'written explicitly', covers: (key) => key === 'bucketing_version' },
];

/** Parameters that are kept, and one decision for each rule that dropped some. */
export interface KeptParameters {
  readonly parameters: Parameters;
  readonly decisions: readonly Decision[];
}

/** Table parameters for the target: all are kept but those a named rule drops. */
export function tableParameters(parameters: Parameters): KeptParameters {
  return applyRules(parameters, TABLE_RULES);
}

/** Partition parameters for the target: all but statistics and times. */
export function partitionParameters(parameters: Parameters): Parameters {
  return applyRules(parameters, [STATISTICS, TIMES]).parameters;
}

/** True for keys that Hive writes by itself: statistics, times, marks of the translation. */
export function isWrittenByHive(key: string): boolean {
  return TABLE_RULES.slice(0, 4).some(({ covers }) => covers(key, ''));
}

function applyRules(parameters: Parameters, rules: readonly DropRule[]): KeptParameters {
  const entries = sortedEntries(parameters);
  const dropped = rules.flatMap(({ rule, reason, covers }) => {
    const keys = entries.filter(([key, value]) => covers(key, value)).map(([key]) => key);
    return keys.length === 0 ? [] : [{ rule, reason, keys }];
  });
  const gone = new Set(dropped.flatMap(({ keys }) => keys));
  return {
    parameters: Object.fromEntries(entries.filter(([key]) => !gone.has(key))),
    decisions: dropped.map(({ rule, reason, keys }) => ({ rule, reason: `${keys.join(', ')}: ${reason}` })),
  };
}
