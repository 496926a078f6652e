import { note, refusal, warning } from './issue-text.ts';
import type { IssueText } from './issue-text.ts';
import type { Hazard, Issue } from './model/issue.ts';
import { RELOCATION_ISSUES } from './relocation-issues.ts';
import { ROW_ISSUES } from './row-issues.ts';
import { SCRIPT_ISSUES } from './script-issues.ts';

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
  ...RELOCATION_ISSUES,
  ...SCRIPT_ISSUES,
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
  DESTINATION_HOLDS_OTHER_TABLES: refusal(
    'Where it would be copied to, the target has other tables, which do not lie there at the source: {count} ({examples}). Files of theirs could be replaced.',
    'Change the location map so that the table has a destination of its own, or move the others.',
  ),
  NEIGHBOURS_NOT_LOOKED_AT: warning(
    'Databases of {cluster} that were not looked at for tables in the directories of this one: {count} ({examples}). Together they hold more than {limit} tables.',
    'Say selection.lookAround=everywhere to look at all of them.',
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
  STORE_NOT_REGISTERED: refusal(
    '{target} is on {namespace}, which is no store of cluster {cluster}: it has {known}.',
    'Register the cluster with that store (objectStores), or correct the location map.',
  ),
  STORE_NOT_SEEN: warning(
    '{target} is on {namespace}, which is no store of cluster {cluster} (it has {known}): nobody here sees whether the files are there.',
    'Say :confirm-copied when they are; or register the cluster with that store (objectStores).',
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
    'Drop it or choose a database prefix; where the location is the same, say onExisting=sync or allow the hazard IN_PLACE_REFRESH.',
  ),
  TARGET_HAS_PURGE: refusal(
    '{target} has external.table.purge on the target: dropping it, or one of its partitions, removes files, so it is not synchronised.',
    'Set external.table.purge to false there if its files are a copy that others look after, or drop the table by hand.',
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
  DISCOVERY_ATTACHES_AGAIN: warning(
    'Partitions that the source does not have: {count} ({examples}). Discovery attaches them again as long as their directories are there.',
    'Remove their directories on the target; the verification that follows tells whether they came back.',
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
} as const satisfies Record<string, IssueText>;

export type IssueCode = keyof typeof ISSUES;

/** The closed catalogue of hazards: what a request must allow by code. */
export const HAZARDS = {
  IN_PLACE_REFRESH: {
    text: 'Files are copied into {location} while {target} can be read; readers may see a mixture.',
    advice: 'Allow it when nothing reads the table meanwhile.',
  },
  TARGET_REPLACED: {
    text: '{target} is dropped from the metastore and created again, since it differs: {differences}. No file is touched; for that moment readers do not find it.',
    advice: 'A sync allows it. Look whether the differences are those that you expect.',
  },
  TARGET_DROPPED: {
    text: '{target} at {location} is dropped from the metastore, since the source has no such table any more. Its files stay.',
    advice: 'A sync with vanished.drop allows it. Look whether the source lost it on purpose.',
  },
  TARGET_PARTITIONS_DROPPED: {
    text: 'Partitions of {target} are dropped from the metastore: {dropped} that the source does not have, {replaced} that are added again as they are there. First: {examples}. No file is touched.',
    advice: 'A sync allows it. Look whether the source lost them on purpose.',
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
