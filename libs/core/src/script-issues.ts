import { note, refusal, warning } from './issue-text.ts';
import { LINK_ISSUES } from './link-issues.ts';

/** Most of them of scripts for people; part of the catalogue in `issues.ts`. */
export const SCRIPT_ISSUES = {
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
  EXPORT_OF_INSERT_ONLY: refusal(
    'The table is insert-only transactional: its export keeps directories of deltas, in which an external table has no rows.',
    'Use SQL or HYBRID, or do without the downgrade (migrateACID.downgrade, -da).',
  ),
  IMPORTED_WHERE_EXPORTED: warning(
    'IMPORT EXTERNAL without a LOCATION copies nothing: the imported table reads its export at {location} from then on.',
    'Keep that directory and its cluster as long as the table, add a LOCATION to the IMPORT before you run it, or use SQL. What -e executes says one.',
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
  ...LINK_ISSUES,
  ICEBERG_NOT_COPIED: refusal(
    'An Iceberg table holds the absolute paths of its files: a table created elsewhere, over copies or not, would not read them.',
    'Move it with the tools of Iceberg, or write it anew from a query.',
  ),
  ICEBERG_ALREADY: note('The table is an Iceberg table already.', 'Nothing is to be done.'),
  NOT_FOR_ICEBERG: refusal(
    'Only external tables of ORC, Parquet or Avro files become Iceberg tables in place; this is a {kind} of {format}.',
    'Rewrite it by STORAGE_MIGRATION with Iceberg conversion.',
  ),
} as const;
