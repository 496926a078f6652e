import { note, refusal, warning } from './issue-text.ts';
import type { IssueText } from './issue-text.ts';
import type { Hazard, Issue } from './model/issue.ts';
import { ROW_ISSUES } from './row-issues.ts';

/** The closed catalogue of issues. */
export const ISSUES = {
  STRATEGY_NOT_AVAILABLE: refusal('The strategy {strategy} is not available yet.', 'Choose one of: {available}.'),
  TRANSACTIONAL_TABLE_FILES: refusal(
    'The table is {kind}: its files are not copied, since a new table would not see their write ids and would read no row.',
    'Use one of: {strategies}.',
  ),
  TRANSACTIONAL_TABLE_SHARED: refusal(
    'The table is {kind}: a table of another metastore over its files would not know its write ids and would read wrong rows.',
    'Use one of: {strategies}.',
  ),
  LOCATION_NOT_COMMON: refusal(
    '{location} is on {namespace}, the own file system of the source. Locations of the table there: {count}.',
    'Use LINKED, or say commonStorage: true when both clusters are meant to keep their data there.',
  ),
  SOURCE_OWNS_FILES: warning(
    'The table {why} at the source: dropping it there, or a partition of it, removes the files that the target reads.',
    'Keep it at the source as long as the target needs it.',
  ),
  ...ROW_ISSUES,
  MATERIALIZED_VIEW: refusal('A materialised view is not copied.', 'Create it on the target from its query once its tables are there.'),
  NON_NATIVE_TABLE: refusal(
    'The data is kept by {handler}, not by Hive alone; copied files would not make a table.',
    'Move it with the tools of that system.',
  ),
  TABLE_LOCATION_MISSING: refusal('The metastore holds no location for the table.', 'Repair the table at the source.'),
  TABLE_LOCATION_INVALID: refusal(
    'The location {location} cannot be parsed: it must be absolute.',
    'Repair it at the source by ALTER TABLE .. SET LOCATION.',
  ),
  TABLE_LOCATION_UNMAPPED: refusal(
    'No rule says where {location} goes.',
    'Add an entry for it, or for a directory above it, to the location map.',
  ),
  PARTITION_LOCATION_INVALID: refusal(
    'Partitions without a location that can be parsed: {count} ({examples}).',
    'Repair them at the source by ALTER TABLE .. PARTITION .. SET LOCATION.',
  ),
  PARTITION_LOCATION_UNMAPPED: refusal(
    'Partitions outside the table directory that no rule sends anywhere: {count} ({examples}).',
    'Add entries for them to the location map.',
  ),
  PARTITION_ABOVE_TABLE: refusal(
    'Partitions whose directory holds the table directory: {count} ({examples}).',
    'Move the partitions or the table at the source.',
  ),
  PARTITION_AT_TABLE_LOCATION: warning(
    'Partitions that lie directly in the table directory: {count} ({examples}).',
    'Check that this is meant: files of other partitions lie below.',
  ),
  PARTITIONS_SHARE_LOCATION: warning(
    'Partitions that share their directory with another one: {count} ({examples}).',
    'Check that this is meant: their rows are counted more than once.',
  ),
  PARTITION_OUTSIDE_TABLE: note('Partitions outside the table directory: {count} ({examples}).', 'Look at their mappings.'),
  PARTITION_FORMAT_DIFFERS: warning(
    'Partitions of another format than the table: {count} ({examples}).',
    'Read them with hive.fetch.task.conversion=none and never INSERT into them: Hive would write the format of the table and reset theirs.',
  ),
  DESTINATIONS_OVERLAP: refusal(
    'Two directories would be copied to one destination or one into the other: {first} and {second}.',
    'Change the location map so that each has its own.',
  ),
  DESTINATION_TAKEN: refusal(
    '{target} would hold files of {other} as well, which come from {source}.',
    'Change the location map so that each table has a destination of its own.',
  ),
  COPY_NOT_DESCRIBED: warning(
    'How its files would be copied is not said: {reasons}.',
    'The definition is complete. A plan by SCHEMA_ONLY says what stands against the copy.',
  ),
  COPY_ONTO_ITSELF: refusal(
    'The destination {target} is the source {source} or overlaps it.',
    'Add an entry to the location map that leads elsewhere.',
  ),
  COPY_TARGET_INSIDE_SOURCE: refusal(
    'A copy would go into its own source {source}.',
    'Add an entry to the location map that leads elsewhere.',
  ),
  COPY_SOURCES_NESTED: refusal(
    'A list of copies names {source} twice or inside another of its sources.',
    'Report it: this is a defect of the planner.',
  ),
  COPY_LIST_OF_ONE: refusal('A list of copies has fewer than two sources: {source}.', 'Report it: this is a defect of the planner.'),
  COPY_LIST_NAMES_EQUAL: refusal(
    'A list of copies has two directories of the name of {source}.',
    'Report it: this is a defect of the planner.',
  ),
  COPY_LIST_PATH_UNPRINTABLE: refusal(
    '{source} holds a line feed and cannot be put into a list.',
    'Report it: this is a defect of the planner.',
  ),
  TARGET_IN_MANAGED_WAREHOUSE: refusal(
    '{location} lies in the managed warehouse of the target, where Hive 4 takes no external table.',
    'Add an entry to the location map that leads elsewhere.',
  ),
  LOCATION_SHARED: warning(
    'Other tables with the same location: {count} ({examples}).',
    'They stay together on the target; dropping data of one takes it from all.',
  ),
  LOCATION_HOLDS_OTHER_TABLES: warning(
    'Other tables inside the table directory: {count} ({examples}). Their directories are not copied with this table.',
    'Migrate them as well.',
  ),
  PARTITION_HOLDS_OTHER_TABLES: warning(
    'Other tables on partitions of this table: {count} ({examples}). Their files are copied with this table.',
    'Check that this is meant.',
  ),
  TARGET_EXISTS: refusal(
    '{target} exists on the target at {location}.',
    'Drop it, choose a database prefix, or allow the hazard IN_PLACE_REFRESH where the location is the same.',
  ),
  TARGET_UNREADABLE: refusal(
    'What stands under {target} on the target cannot be read: {reason}.',
    'Repair or drop it there, or choose a database prefix.',
  ),
  TARGET_IS_OTHER_KIND: refusal('{target} exists on the target and is a {kind}.', 'Drop it or choose a database prefix.'),
  VIEW_TEXT_MISSING: refusal('The metastore holds no text for the view.', 'Create the view again at the source.'),
  VIEW_WITH_DATABASE_PREFIX: refusal(
    'The text of the view names the source databases and is not rewritten for the prefix {prefix}.',
    'Leave views out of the selection, or create them by hand.',
  ),
  VIEW_OWNER_NOT_SET: note(
    'HiveQL cannot set the owner of a view: it will be the user of the session.',
    'Set it in the metastore where it matters.',
  ),
  PARTITION_DISCOVERY_OFF: note(
    'discover.partitions is not carried over: it drops partitions whose directory is not there yet.',
    'Set it again when the table is VERIFIED.',
  ),
  SCHEMA_URL_AT_SOURCE: warning(
    'The schema {url} is not in the table directory and is not copied: the target reads it where it is.',
    'Copy it and set avro.schema.url on the target.',
  ),
  DATABASE_LOCATION_INVALID: warning(
    'The location {location} of the database cannot be parsed and is not carried over.',
    'Set one on the target where it matters; each table says its own.',
  ),
  DATABASE_LOCATION_UNMAPPED: warning(
    'No rule says where the location {location} of the database goes; the target uses its default.',
    'Add an entry to the location map where it matters; each table says its own.',
  ),
  TARGET_NAMESPACE_MISSING: refusal(
    'Nothing says on which file system the tables of the target lie.',
    'Set transfer.targetNamespace, or hcfsNamespace of the target cluster.',
  ),
  WAREHOUSE_DIRECTORIES_MISSING: refusal(
    'Nothing says in which directories the database of the target lies.',
    'Give the database a warehouse plan, or set both directories of transfer.warehouse.',
  ),
  LOCATION_UNMAPPED_FOR_COPY: refusal(
    '{location} is outside the table directory {table}, and no rule says where it is to be copied.',
    'Add an entry for it, or for a directory above it, to the location map.',
  ),
  LOCATION_ON_TARGET_NAMESPACE: refusal(
    '{location} is on the target namespace already, and the location map does not say where it goes.',
    'Add an entry for it to the location map.',
  ),
  TABLE_DIRECTORY_NAME: refusal(
    'The directory {location} is called {directory}, not {expected}: an aligned table would be looked for elsewhere than its files are copied to.',
    'Rename the directory, move the table by SQL, or keep its location by the translation RELATIVE.',
  ),
  PARTITION_LOCATION_UNKNOWN: refusal('The location of the partition is not known.', 'Read the metastore again, with its partitions.'),
  STRICT_LOCATIONS: refusal(
    'Locations are in doubt, and strict mode takes none of those.',
    'Repair the locations named below, or leave strict mode.',
  ),
  PARTITION_DIRECTORY_NAME: warning(
    'Partitions in directories that are not called by their values: {count} ({examples}).',
    'Check where their files are copied to before the locations are changed.',
  ),
  PARTITION_BELOW_OTHER_DIRECTORY: warning(
    'Partitions below a directory that is not called by the table: {count} ({examples}).',
    'Check where their files are copied to before the locations are changed.',
  ),
  OUTSIDE_DATABASE_DIRECTORY: warning('{location} is outside the directory of the database, {directory}.', 'Check the location map.'),
  PARTITIONS_OUTSIDE_DATABASE: warning(
    'Partitions that come to lie outside the directory of the database: {count} ({examples}).',
    'Check the location map.',
  ),
  ON_TARGET_ALREADY: refusal(
    'The table is on the target already.',
    'Drop it there, leave it out, or ask for sync where the strategy knows that.',
  ),
  TARGET_OWNS_FILES: refusal(
    'The table of the target differs and has external.table.purge: replacing it would remove its files.',
    'Unset the property on the target, or drop the table there by hand.',
  ),
  VANISHED_PARTITIONS_KEPT: warning(
    'Partitions that the source no longer has stay on the target, which would remove their files: {count} ({examples}).',
    'Unset external.table.purge on the target, or drop them by hand.',
  ),
  ONLY_ON_TARGET: note('The table is on the target only.', 'Look whether it was dropped on the source on purpose.'),
  SYNC_WOULD_REPLACE_DATA: refusal(
    'The table is on the target: importing it again would drop it first, with its data.',
    'Drop it on the target by hand, then import it.',
  ),
  EXPORT_ACROSS_HIVE_VERSIONS: refusal(
    'An export of a transactional table of Hive 1 or 2 is not read by Hive 3 or 4, nor the other way round.',
    'Use SQL or HYBRID.',
  ),
  NO_FILES_OF_ITS_OWN: refusal(
    'It is a view or a table of another system: there are no files to be moved.',
    'Move its definition by SCHEMA_ONLY.',
  ),
  TRANSACTIONAL_NOT_COPIED: warning(
    'The files of a transactional table are not copied: a new table would not see their write ids.',
    'Use SQL, EXPORT_IMPORT or HYBRID for its data, or a downgrade.',
  ),
  PARTITIONS_NOT_FOUND: warning(
    'Partitions that MSCK does not find, since they lie elsewhere than Hive puts them: {count} ({examples}).',
    'Use ALIGNED with DistCp, or SQL: both look at the place of each partition.',
  ),
  DEFAULT_PARTITION_STRAYED: refusal(
    'HiveQL cannot attach a default partition elsewhere than where Hive puts it: {count} ({examples}).',
    'Move its files into the table directory at the source, or attach it through the metastore.',
  ),
  NAME_WITH_VARIABLE: refusal(
    'HiveServer2 would replace a variable in the name {name} before it reads the statement, whatever the quotes.',
    'Rename it at the source, or set hive.variable.substitute=false for every session and do it by hand.',
  ),
  VIEW_TEXT_WITH_VARIABLE: refusal(
    'HiveServer2 would replace the variable {variable} in the text of the view before it reads the statement.',
    'Create the view by hand in a session with hive.variable.substitute=false.',
  ),
  SETTING_INVALID: refusal(
    'The session variable {key} cannot be set by one statement: {reason}.',
    'Change it in the property overrides (optimization.overrides.properties, -po, -pol, -por).',
  ),
  FUNCTIONS_NOT_MOVED: warning(
    'Functions of the database: {count} ({examples}). They are not moved: their code is in archives of the source cluster.',
    'Copy the archives, and create the functions on the target by CREATE FUNCTION .. USING JAR; views that call them need them first.',
  ),
  CONSTRAINTS_NOT_ENFORCED: warning(
    'Constraints that Hive enforces in managed tables only: {constraints}. The table of the target is external.',
    'Have whoever writes to it keep them; it is created with those that inform (PRIMARY KEY, UNIQUE, FOREIGN KEY).',
  ),
  COPY_OF_WHOLE_DIRECTORY: warning(
    'Whole directories are copied, with whatever else lies in them: {count} ({examples}).',
    'Look that nothing lies there that must not be copied, or do without consolidation.',
  ),
  SIZE_LIMIT: warning(
    'The table has {bytes} bytes, more than the {limit} of hybrid.sqlSizeLimit: its INSERT is not run unattended.',
    'Run it by hand, or raise the limit.',
  ),
  PARTITION_LIMIT: warning(
    'The table has {count} partitions, more than the {limit} of {setting}: its statements are not run unattended.',
    'Run them by hand, or raise the limit.',
  ),
  IN_PLACE_DONE: note('The table was converted in place already.', 'Unset acid_inplace to convert it again.'),
  BUCKETS_ABOVE_THRESHOLD: refusal(
    'The table has {buckets} buckets, more than the {threshold} that are taken for an artefact of ACID v1.',
    'Raise the bucket threshold, or ask for a downgrade.',
  ),
  MIGRATED_ALREADY: note('The table has moved already.', 'Unset hms-mirror-STORAGE_MIGRATED to move it again.'),
  NOT_LINKED_YET: refusal('The table is not on the target.', 'Bring it over by SCHEMA_ONLY.'),
  ICEBERG_NOT_COPIED: refusal(
    'An Iceberg table holds the absolute paths of its files: a table created elsewhere, over copies or not, would not read them.',
    'Move it with the tools of Iceberg, or write it anew from a query.',
  ),
  ICEBERG_ALREADY: note('The table is an Iceberg table already.', 'Nothing is to be done.'),
  NOT_FOR_ICEBERG: refusal(
    'Only external tables of ORC, Parquet or Avro files become Iceberg tables in place; this is a {kind} of {format}.',
    'Rewrite it by STORAGE_MIGRATION with Iceberg conversion.',
  ),
} as const satisfies Record<string, IssueText>;

export type IssueCode = keyof typeof ISSUES;

/** The closed catalogue of hazards: what a request must allow by code. */
export const HAZARDS = {
  IN_PLACE_REFRESH: {
    text: 'Files are copied into {location} while {target} can be read; readers may see a mixture.',
    advice: 'Allow it when nothing reads the table meanwhile.',
  },
} as const;

export type HazardCode = keyof typeof HAZARDS;

/** Makes an issue with its catalogued severity. */
export function issue(code: IssueCode, subject: string, detail: Issue['detail'] = {}): Issue {
  return { code, severity: ISSUES[code].severity, subject, detail };
}

export function isRefusal({ severity }: Issue): boolean {
  return severity === 'refusal';
}

/** Text and advice of an issue, filled from its detail; an unknown code (of a newer version) is shown as it is. */
export function describeIssue(found: Issue): { readonly text: string; readonly advice: string } {
  const entry = Object.entries(ISSUES).find(([code]) => code === found.code)?.[1];
  return filled(entry ?? { text: found.code, advice: '' }, found.detail);
}

/** Text and advice of a hazard, filled from its detail. */
export function describeHazard(hazard: Hazard): { readonly text: string; readonly advice: string } {
  const entry = Object.entries(HAZARDS).find(([code]) => code === hazard.code)?.[1];
  return filled(entry ?? { text: hazard.code, advice: '' }, hazard.detail);
}

function filled({ text, advice }: { readonly text: string; readonly advice: string }, detail: Issue['detail']) {
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (placeholder, key: string) => shown(detail[key]) ?? placeholder);
  return { text: fill(text), advice: fill(advice) };
}

function shown(value: Issue['detail'][string] | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? value.join(', ') : String(value);
}
