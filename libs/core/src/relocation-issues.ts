import { note, refusal } from './issue-text.ts';

/** Of tables that change their place under their name; part of the catalogue in `issues.ts`. */
export const RELOCATION_ISSUES = {
  TRANSACTIONAL_TABLE_MOVED: refusal(
    'The table is {kind}: its compactor and its writers would go on at the old place while its files are copied, and what they change would be lost.',
    'Let ferry hms-mirror write the scripts (-d STORAGE_MIGRATION with dataMovementStrategy SQL), which insert its rows into a new table at the new place and keep the old one under another name.',
  ),
  LIES_THERE_ALREADY: refusal(
    'The table lies at {location}, where the location map leads.',
    'Leave it out of the selection, or correct the location map.',
  ),
  PARTITIONS_STAYED_BEHIND: refusal(
    'The table lies at {location}, where the location map leads, but partitions of it do not: {count} ({examples}). Their rows are read from the old place.',
    'Keep the old files. Copy these directories and point the partitions there by ALTER TABLE .. PARTITION .. SET LOCATION, or leave the table out of the selection.',
  ),
  PARTITION_NAMES_OLD_PLACE: refusal(
    'Partitions whose SerDe names a path in the directory that moves (avro.schema.url, path): {count} ({examples}). It would still lead to the old place.',
    'Point their SERDEPROPERTIES elsewhere first, by ALTER TABLE .. PARTITION .. SET SERDEPROPERTIES: a schema to a place that stays, path to the new one.',
  ),
  MOVES_SHARED_FILES: refusal(
    'Its files are those of other tables as well: {count} ({examples}). The one that is copied last would bring old files over what the other has written at the new place.',
    'Give each table a directory of its own first; or move them in one go by the scripts of ferry hms-mirror, while nobody writes to any of them.',
  ),
  NEW_PLACE_NOT_SETTABLE: refusal(
    'Hive does not take {location} in SET LOCATION: it makes a URI of it, and spaces, quotes, brackets, # or % make none.',
    'Add an entry for this table to the location map that leads to a plain path.',
  ),
  DATABASE_LOCATION_STAYS: note(
    'The database keeps its location, {location}: tables that are created later without a location of their own go there.',
    'ALTER DATABASE .. SET LOCATION where they are to go to the new place.',
  ),
} as const;
