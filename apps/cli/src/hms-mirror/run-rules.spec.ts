import { describe, expect, it } from 'vitest';
import { adjust } from './adjust.ts';
import { COMBINATION_RULES } from './combination-rules.ts';
import { EXECUTE_RULES } from './execute/execute-rules.ts';
import { RUN_RULES } from './run-rules.ts';
import { TWO_CLUSTERS, configurationOf } from './testing.ts';

const RULES = [...RUN_RULES, ...COMBINATION_RULES, ...EXECUTE_RULES];
const LEFT_ONLY = 'clusters: {LEFT: {platformType: CDP7_1, metastore_direct: {uri: "jdbc:mysql://h/hive"}}}';
const NO_NAMESPACE = 'clusters: {LEFT: {platformType: CDP7_1}, RIGHT: {platformType: CDP7_1}}';
const TO_LEGACY = 'clusters: {LEFT: {platformType: CDP7_1}, RIGHT: {platformType: CDH5, hcfsNamespace: "hdfs://r"}}';
const FROM_LEGACY = 'clusters: {LEFT: {platformType: CDH5}, RIGHT: {platformType: CDP7_1, hcfsNamespace: "hdfs://r"}}';
const HDP3 = 'clusters: {LEFT: {platformType: HDP3, metastore_direct: {uri: "jdbc:mysql://h/hive"}}}';
const ARCHIVE = `${LEFT_ONLY}\ntransfer: {storageMigration: {createArchive: true}}`;

interface Found {
  readonly code: string;
  readonly text: string;
}

function refusals(yaml: string, options: string, databases: readonly string[] = ['sales']): readonly Found[] {
  const asked = configurationOf(yaml, ...options.split(' ').filter((word) => word !== ''));
  const run = { asked, configuration: adjust(asked).configuration, databases };
  return RULES.filter((rule) => rule.applies(run)).map(({ code, text }) => ({ code, text: text(run) }));
}

const REFUSED: readonly (readonly [code: string, yaml: string, options: string])[] = [
  ['EXECUTE_NOT_AVAILABLE', TWO_CLUSTERS, '-e -d ICEBERG_CONVERSION'],
  ['ACID_NOT_TOP_LEVEL_STRATEGY', TWO_CLUSTERS, '-d ACID'],
  ['CLUSTER_NOT_DEFINED_OR_CONFIGURED', LEFT_ONLY, '-smn hdfs://x'],
  ['CONFLICTING_PROPERTIES', TWO_CLUSTERS, '-dbp a -dbr b'],
  ['STORAGE_MIGRATION_ACID_ARCHIVE_DISTCP', ARCHIVE, '-d STORAGE_MIGRATION -ma -dc -smn ofs://o -wps sales=/vol/e:/vol/m'],
  ['STORAGE_MIGRATION_NOT_AVAILABLE_FOR_LEGACY', FROM_LEGACY, '-d STORAGE_MIGRATION'],
  ['METASTORE_DIRECT_NOT_DEFINED_OR_CONFIGURED', TWO_CLUSTERS, '-d STORAGE_MIGRATION'],
  ['HIVE3_ON_HDP_ACID_TRANSFERS', HDP3, '-d STORAGE_MIGRATION -ma -smn hdfs://x'],
  ['ACID_DOWNGRADE_SCHEMA_ONLY', TWO_CLUSTERS, '-ma -da'],
  ['NON_LEGACY_TO_LEGACY', TO_LEGACY, ''],
  ['LEGACY_HIVE_RIGHT_CLUSTER', TO_LEGACY, '-d CONVERT_LINKED'],
  ['OZONE_VOLUME_NAME_TOO_SHORT', LEFT_ONLY, '-d STORAGE_MIGRATION -smn ofs://o -wps sales=/a/e:/a/m'],
  ['ALIGN_LOCATIONS_WITHOUT_WAREHOUSE_PLANS', NO_NAMESPACE, '-tt ALIGNED -smn hdfs://x'],
  ['LINKED_NO_ACID_SUPPORT', TWO_CLUSTERS, '-d LINKED -ma'],
  ['VALID_SYNC_STRATEGIES', TWO_CLUSTERS, '-d COMMON -s'],
  ['VALID_ACID_STRATEGIES', TWO_CLUSTERS, '-d COMMON -ma'],
  ['VALID_ACID_DA_IP_STRATEGIES', TWO_CLUSTERS, '-d HYBRID -ip'],
  ['COMMON_STORAGE_WITH_DA_IP', LEFT_ONLY, '-d SQL -ip -smn hdfs://x'],
  ['INTERMEDIATE_STORAGE_WITH_DA_IP', LEFT_ONLY, '-d SQL -ip -is hdfs://x'],
  ['DISTCP_W_DA_IP_ACID', LEFT_ONLY, '-d STORAGE_MIGRATION -ip -dc -smn hdfs://x'],
  ['DA_IP_NON_LEGACY', FROM_LEGACY, '-d SQL -ip'],
  ['TARGET_NAMESPACE_NOT_DEFINED', NO_NAMESPACE, ''],
  ['WAREHOUSE_DIRS_SAME_DIR', TWO_CLUSTERS, '-wd /x -ewd /x'],
  ['COMMON_STORAGE_WITH_LINKED', TWO_CLUSTERS, '-d LINKED -smn hdfs://x'],
  ['INTERMEDIATE_STORAGE_WITH_LINKED', TWO_CLUSTERS, '-d LINKED -is hdfs://x'],
  ['REPLACE_ONLY_WITH_SQL', `${TWO_CLUSTERS}\nreplace: true`, ''],
  ['REPLACE_ONLY_WITH_DA', `${TWO_CLUSTERS}\nreplace: true`, '-d SQL -ma'],
  ['RO_VALID_STRATEGIES', TWO_CLUSTERS, '-d HYBRID -ro'],
];

describe('a run is refused', () => {
  it.each(REFUSED)('by %s', (code, yaml, options) => {
    expect(refusals(yaml, options).map((found) => found.code)).toContain(code);
  });

  it('when no database takes part', () => {
    expect(refusals(TWO_CLUSTERS, '', []).map(({ code }) => code)).toEqual(['NO_DATABASES']);
  });

  it('when two databases get one name', () => {
    const [found] = refusals(TWO_CLUSTERS, '-dbr x', ['a', 'b']);
    expect(found).toEqual({
      code: 'DB_RENAME_ONLY_WITH_SINGLE_DB_OPTION',
      text: 'dbRename (-dbr) is for one database, found 2: a, b; name one by -db, or use dbPrefix (-dbp)',
    });
  });

  it('in words that name a key or an option', () => {
    for (const [code, yaml, options] of REFUSED) {
      const text = refusals(yaml, options).find((found) => found.code === code)?.text ?? '';
      expect(text, code).toMatch(/ \(?-[a-z]+|[a-z]+\.[a-zA-Z]+/);
    }
  });

  it('by every rule there is: each has its case', () => {
    const tried = new Set([...REFUSED.map(([code]) => code), 'NO_DATABASES', 'DB_RENAME_ONLY_WITH_SINGLE_DB_OPTION']);
    expect(RULES.map(({ code }) => code).filter((code) => !tried.has(code))).toEqual([]);
  });
});

describe('a run is planned', () => {
  it.each([
    ['SCHEMA_ONLY', TWO_CLUSTERS, ''],
    ['aligned, by the warehouse', TWO_CLUSTERS, '-tt ALIGNED'],
    ['aligned, by plans', NO_NAMESPACE, '-smn hdfs://x -tt ALIGNED -wps sales=/e:/m'],
    ['LINKED', TWO_CLUSTERS, '-d LINKED'],
    ['read only with sync', TWO_CLUSTERS, '-ro -s'],
    ['SQL in place on LEFT alone', LEFT_ONLY, '-d SQL -ip'],
    ['STORAGE_MIGRATION on LEFT alone', LEFT_ONLY, '-d STORAGE_MIGRATION -dc -smn ofs://o -wps sales=/vol/e:/vol/m'],
    ['DUMP on LEFT alone', LEFT_ONLY, '-d DUMP -e'],
    ['from Hive 1 with ACID', FROM_LEGACY, '-d SQL -ma'],
  ])('%s', (_name, yaml, options) => {
    expect(refusals(yaml, options)).toEqual([]);
  });
});
