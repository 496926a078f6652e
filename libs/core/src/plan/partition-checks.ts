import { partitionDirectory } from '../inventory/recorded-partition.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { IssueCode } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { MovedPartition } from '../translate/move-partitions.ts';
import { lastNameIn, liesWithin, parentOf } from '../translate/place.ts';
import { targetNamespaceOf } from '../translate/script-rules.ts';
import { databaseDirectory } from '../translate/translate-place.ts';

/** A table's new places, to be looked at with suspicion. */
export interface NewPlaces {
  readonly place: string;
  readonly kind: 'external' | 'managed';
  readonly partitions: readonly MovedPartition[];
}

/**
 * Places that a copy may bring wrong: partitions in directories of another name than theirs or below another table's directory,
 * and places outside the database's directory. One issue a kind, whatever their number.
 */
export function strayIssues(input: ScriptInput, { place: table, kind, partitions }: NewPlaces): readonly Issue[] {
  const base = databaseDirectory(input, kind, targetNamespaceOf(input.settings) ?? '');
  const isOutside = (to: string): boolean => base !== undefined && !liesWithin(to, base);
  const misnamed = partitions.filter(({ name, from }) => !isNamedByItsValues(name, from));
  const strangers = partitions.filter(({ name, from }) => isNamedByItsValues(name, from) && tableDirectory(name, from) !== input.pair.name);
  const subject = `${input.database.name}.${input.pair.name}`;
  return [
    ...summed('PARTITION_DIRECTORY_NAME', subject, misnamed),
    ...summed('PARTITION_BELOW_OTHER_DIRECTORY', subject, strangers),
    ...(isOutside(table) ? [issue('OUTSIDE_DATABASE_DIRECTORY', subject, { location: table, directory: base ?? '' })] : []),
    ...summed(
      'PARTITIONS_OUTSIDE_DATABASE',
      subject,
      partitions.filter(({ to }) => isOutside(to)),
    ),
  ];
}

function summed(code: IssueCode, subject: string, found: readonly MovedPartition[]): readonly Issue[] {
  return found.length === 0 ? [] : [issue(code, subject, { count: found.length, examples: found.slice(0, 5).map(({ name }) => name) })];
}

function isNamedByItsValues(name: string, location: string): boolean {
  const wanted = partitionDirectory(name).split('/');
  return lastNames(location, wanted.length).join('/') === wanted.join('/');
}

function lastNames(location: string, count: number): readonly string[] {
  return count === 0 ? [] : [...lastNames(parentOf(location), count - 1), lastNameIn(location)];
}

function tableDirectory(name: string, location: string): string {
  return lastNameIn(name.split('/').reduce(parentOf, location));
}
