import { note, refusal } from './issue-text.ts';

/** Of tables whose rows Hive inserts; part of the catalogue in `issues.ts`. */
export const ROW_ISSUES = {
  ROWS_NOT_PUBLISHED_THERE: refusal(
    '{location} is not on {namespace}: rows that Hive inserts are published by the rename of a directory, which only HDFS does at once.',
    'Add an entry to the location map that leads to {namespace}; SCHEMA_ONLY brings the table from there to an object store.',
  ),
  TRANSACTIONAL_TARGET_EXISTS: refusal(
    '{target} exists on the target and is a {kind}: the rows of a transactional table go into a table of their own, which then gets that name.',
    'Drop it, or choose a database prefix.',
  ),
  MANAGED_PLACE_NOT_ON_HDFS: refusal(
    'Managed tables of that database lie at {location} on {cluster}, not on {namespace}: a rename publishes them, and only HDFS renames a directory at once.',
    'Say transactionalTables: downgrade, and map the table to {namespace}; SCHEMA_ONLY brings it from there to an object store.',
  ),
  LOCATION_MAP_NOT_FOR_MANAGED: note(
    'The location map sends the table to {mapped}; it stays transactional and lies where Hive keeps managed tables, at {to}.',
    'Say transactionalTables: downgrade where the place matters more than the transactions.',
  ),
  PARTITION_PROPERTIES_NOT_SET: note(
    'Partitions with properties of their own: {count} ({examples}). The INSERT that makes them on the target sets none.',
    'Set them there where they matter.',
  ),
  SCHEMA_FILE_NOT_INSERTED: refusal(
    'The schema {url} lies in the table directory: rows are inserted, files are not copied, and the table of the target would have no schema.',
    'Use SCHEMA_ONLY, or put the schema where both clusters read it and set avro.schema.url.',
  ),
  ROWS_WITH_HEADER: refusal(
    'The table has {properties}: Hive skips these lines of each file and writes none, so inserted rows would be lost.',
    'Use SCHEMA_ONLY.',
  ),
  HYBRID_TOO_MANY_PARTITIONS: refusal(
    'The table has {count} partitions: it goes by SQL, and one INSERT is to write no more than the {limit} of hybrid.sqlPartitionLimit.',
    'Raise hybrid.sqlPartitionLimit or hybrid.exportPartitionLimit, or use SQL or EXPORT_IMPORT for it, which have no limit.',
  ),
  HYBRID_TOO_LARGE: refusal(
    'The table has {bytes} bytes: it goes by SQL, and one INSERT is to write no more than the {limit} of hybrid.sqlSizeLimitBytes.',
    'Raise hybrid.sqlSizeLimitBytes or hybrid.exportPartitionLimit, or use SQL or EXPORT_IMPORT for it, which have no limit.',
  ),
  EXPORTS_ELSEWHERE: refusal(
    '{location}, where tables are to be exported to, is on none of {namespaces}, the default file systems of both clusters.',
    'Say a directory of one of these for exports.at, or leave it out.',
  ),
  EXPORT_KEEPS_DELTAS: refusal(
    'The table is insert-only transactional: its export keeps directories of deltas, in which an external table has no rows.',
    'Say transactionalTables: migrate, or use SQL or HYBRID.',
  ),
  PARTITION_FORMAT_UNIFIED: note(
    'Partitions of another format than the table: {count} ({examples}). Their rows are written in the format of the table.',
    'Use SCHEMA_ONLY where they must keep their format.',
  ),
} as const;
