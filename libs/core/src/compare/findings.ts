import { canonicalJson } from '../model/canonical-json.ts';
import type { Finding } from '../model/evidence.ts';

/** The closed catalogue of damages: code to title. */
export const FINDINGS = {
  SOURCE_METADATA_CHANGED: 'The source has changed since the plan: plan and execute again',
  SOURCE_CHANGED: 'Files of the source were written since they were copied',
  TABLE_MISSING: 'The table is not on the target',
  TABLE_NOT_DROPPED: 'The table is on the target, though the source has none',
  TABLE_TYPE_DIFFERS: 'The table is of another type',
  LOCATION_DIFFERS: 'The table lies elsewhere',
  COLUMN_MISSING: 'A column is missing',
  COLUMN_UNEXPECTED: 'A column is there that should not be',
  COLUMN_ORDER_DIFFERS: 'The columns are in another order',
  COLUMN_TYPE_DIFFERS: 'A column has another type',
  COLUMN_COMMENT_DIFFERS: 'A column has another comment',
  COMMENT_DIFFERS: 'The table has another comment',
  PARTITION_KEYS_DIFFER: 'The table is partitioned by other keys',
  SERDE_DIFFERS: 'The table has another SerDe',
  SERDE_PROPERTY_DIFFERS: 'A SerDe property differs',
  FORMAT_DIFFERS: 'The table has other file formats',
  BUCKETING_DIFFERS: 'The bucketing differs',
  SORTING_DIFFERS: 'The sort columns differ',
  SKEW_DIFFERS: 'The skewed columns or values differ',
  PURGE_DIFFERS: 'The purge flag differs',
  PROPERTY_DIFFERS: 'A table property differs',
  PROPERTY_UNEXPECTED: 'A table property is there that should not be',
  OWNER_DIFFERS: 'The owner differs',
  STATISTICS_DIFFER: 'The statistics claim another number of rows than was counted',
  PARTITION_MISSING: 'A partition is missing',
  PARTITION_UNEXPECTED: 'A partition is there that should not be',
  PARTITION_LOCATION_DIFFERS: 'A partition lies elsewhere',
  PARTITION_FORMAT_DIFFERS: 'A partition has another format',
  PARTITION_COLUMNS_DIFFER: 'A partition has other columns',
  PARTITION_PROPERTY_DIFFERS: 'A property of a partition differs',
  VIEW_TEXT_DIFFERS: 'The view has another text',
  FILES_NOT_LISTED: 'The files of one side were not listed',
  FILE_MISSING: 'A file is missing',
  FILE_UNEXPECTED: 'A file is there that should not be',
  FILE_SIZE_DIFFERS: 'A file has another size',
  CHECKSUM_DIFFERS: 'A file has other bytes',
  CHECKSUM_NOT_READ: 'The checksum of a file was not read',
  CHECKSUM_NOT_COMPARABLE: 'The checksums of a file were made by different algorithms',
  ROWS_NOT_COUNTED: 'The rows of one side were not counted',
  ROWS_DIFFER: 'The number of rows differs',
} as const;

export type FindingCode = keyof typeof FINDINGS;

/** Makes a finding; values that are no text are shown as JSON. */
export function finding(code: FindingCode, subject: string, values: { readonly expected: unknown; readonly found: unknown }): Finding {
  return { code, subject, expected: shown(values.expected), found: shown(values.found) };
}

/** One finding when the two differ as JSON, none when they are equal; the order of keys carries no meaning (a stored plan loses it). */
export function compare(
  code: FindingCode,
  subject: string,
  values: { readonly expected: unknown; readonly found: unknown },
): readonly Finding[] {
  return canonicalJson(values.expected) === canonicalJson(values.found) ? [] : [finding(code, subject, values)];
}

/** Title of a finding's code; an unknown code is shown as it is. */
export function describeFinding({ code }: Pick<Finding, 'code'>): string {
  return Object.entries(FINDINGS).find(([known]) => known === code)?.[1] ?? code;
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
