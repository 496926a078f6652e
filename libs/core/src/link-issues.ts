import { note, refusal } from './issue-text.ts';

/** Of CONVERT_LINKED, and of what a sync may drop; part of the catalogue in `issues.ts`. */
export const LINK_ISSUES = {
  NOT_LINKED_YET: refusal('The table is not on the target.', 'Bring it over by SCHEMA_ONLY.'),
  LINKED_ELSEWHERE: refusal(
    '{target} lies at {location} on the target: it is no link to {linked}, where the table of the source lies, and does not lie at its own place {own} either.',
    'Convert it from the source that it points at, or choose another location map or database prefix.',
  ),
  LINK_OWNS_FILES: refusal(
    '{target} has external.table.purge on the target and lies at {location}: dropping it would remove the files of the source.',
    'Set external.table.purge to false there, then plan again; do not drop it as it is.',
  ),
  LINK_DIFFERS: refusal(
    '{target} is defined otherwise than the table of the source: {differences}.',
    'Make it alike by LINKED with onExisting=sync, then convert it.',
  ),
  LINKED_PARTITIONS_ELSEWHERE: refusal(
    'Partitions that lie neither where those of the source do, nor at their own places on the target: {count} ({examples}).',
    'Look what they are; LINKED with onExisting=sync points them at the source again.',
  ),
  LINK_HAS_OTHER_PARTITIONS: refusal(
    'Partitions on the target that the source does not have: {count} ({examples}).',
    'LINKED with onExisting=sync drops them from the metastore; then convert the table.',
  ),
  LOCATION_NOT_SETTABLE: refusal(
    'Hive takes no such place as {location} in SET LOCATION: of spaces, brackets, quotes and the like it makes no URI.',
    'Add an entry to the location map that leads to a plain path, or drop the link and use SCHEMA_ONLY, whose CREATE takes it.',
  ),
  VANISHED_LEFT_ALONE: note(
    'The source does not have them, and no sync of it marked them: {count} objects of {target} are left alone ({examples}).',
    'Drop them by hand where they are not needed, or leave them out of the selection, since they count for vanished.atMost. What a sync with vanished.drop has kept once is marked as its own.',
  ),
  VANISHED_OWNS_FILES: refusal(
    'The source has no such table any more; {target} {why} on the target: dropping it would remove data, or break what keeps it.',
    'Drop it by hand where its data is not needed.',
  ),
  VANISHED_TOO_MANY: refusal(
    'The source has no such table any more, as it has none of {count} selected ones that stand on the target, of {standing} there, whoever made them; nothing is dropped when they are more than {atMost}, or than {atMostPercent} percent.',
    'Look whether the source can be read as it is. Where it lost them on purpose, raise vanished.atMost or vanished.atMostPercent; where they are not its own, leave them out of the selection.',
  ),
  SOURCE_DATABASE_EMPTY: refusal(
    'The database {database} of the source has no table at all: nothing of it is dropped on the target ({count} would be).',
    'Look whether the source can be read as it is. Where the database was given up, drop that of the target by hand.',
  ),
} as const;
