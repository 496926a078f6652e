import { note, refusal } from './issue-text.ts';

/** Of tables whose rows Hive inserts; part of the catalogue in `issues.ts`. */
export const ROW_ISSUES = {
  ROWS_NOT_PUBLISHED_THERE: refusal(
    '{location} is not on {namespace}: rows that Hive inserts are published by the rename of a directory, which only HDFS does at once.',
    'Add an entry to the location map that leads to {namespace}.',
  ),
  SCHEMA_FILE_NOT_INSERTED: refusal(
    'The schema {url} lies in the table directory: rows are inserted, files are not copied, and the table of the target would have no schema.',
    'Use SCHEMA_ONLY, or put the schema where both clusters read it and set avro.schema.url.',
  ),
  ROWS_WITH_HEADER: refusal(
    'The table has {properties}: Hive skips these lines of each file and writes none, so inserted rows would be lost.',
    'Use SCHEMA_ONLY.',
  ),
  PARTITION_FORMAT_UNIFIED: note(
    'Partitions of another format than the table: {count} ({examples}). Their rows are written in the format of the table.',
    'Use SCHEMA_ONLY where they must keep their format.',
  ),
} as const;
