import { note, refusal } from './issue-text.ts';

/** Of tables that move within one metastore; part of the catalogue in `issues.ts`. */
export const RELOCATION_ISSUES = {
  TRANSACTIONAL_TABLE_MOVED: refusal(
    'The table is {kind}: its compactor and its writers would go on at the old place while its files are copied, and what they change would be lost.',
    'Let ferry hms-mirror write the scripts (-d STORAGE_MIGRATION with dataMovementStrategy SQL), which insert its rows into a new table at the new place and keep the old one under another name.',
  ),
  LIES_THERE_ALREADY: refusal(
    'The table lies at {location}, where the location map leads.',
    'Leave it out of the selection, or correct the location map.',
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
