import type { Finding } from '../model/evidence.ts';
import { namespaceOf, parseLocation } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Parameters, SkewedInfo, StorageDescriptor, Table } from '../model/table.ts';
import { isWrittenByHive } from '../translate/properties.ts';
import { SOURCE_MARK } from '../translate/source-mark.ts';
import { compareColumns, keyText } from './compare-columns.ts';
import { compare, finding } from './findings.ts';

/**
 * Compares the table found on the target with the planned one. Differences that Hive makes by itself and that change nothing are
 * normalised by rules with names: see `is*`, `without*` and `*Text` functions here and in `compare-columns.ts`.
 */
export function compareTable(plan: TablePlan, found: Table | undefined): readonly Finding[] {
  const subject = displayName(plan.target);
  const { expected } = plan;
  if (plan.vanished !== undefined)
    return found === undefined ? [] : [finding('TABLE_NOT_DROPPED', subject, { expected: undefined, found: found.tableType })];
  if (expected === undefined) return [];
  if (found === undefined) return [finding('TABLE_MISSING', subject, { expected: expected.tableType, found: undefined })];
  const common = [
    ...compare('TABLE_TYPE_DIFFERS', subject, { expected: expected.tableType, found: found.tableType }),
    ...compareColumns(subject, expected.storage.columns, found.storage.columns),
    ...compare('COMMENT_DIFFERS', subject, { expected: commentOf(expected), found: commentOf(found) }),
    ...compareProperties(plan, expected, found),
  ];
  switch (plan.object) {
    case 'view':
      return [...common, ...compare('VIEW_TEXT_DIFFERS', subject, { expected: viewText(expected), found: viewText(found) })];
    case 'table':
      return [...common, ...compareNative(plan, expected, found)];
  }
}

/** SerDe, formats, bucketing and skew of two descriptors. */
export function compareStorage(subject: string, expected: StorageDescriptor, found: StorageDescriptor): readonly Finding[] {
  return [
    ...compare('SERDE_DIFFERS', subject, { expected: expected.serde.serializationLib, found: found.serde.serializationLib }),
    ...compareSerDeProperties(subject, expected.serde.parameters, found.serde.parameters),
    ...compare('FORMAT_DIFFERS', subject, {
      expected: [expected.inputFormat, expected.outputFormat],
      found: [found.inputFormat, found.outputFormat],
    }),
    ...compare('BUCKETING_DIFFERS', subject, { expected: bucketText(expected), found: bucketText(found) }),
    ...compare('SORTING_DIFFERS', subject, {
      expected: expected.sortColumns,
      found: found.sortColumns.map(({ column, order }) => ({ column, order })),
    }),
    ...compare('SKEW_DIFFERS', subject, { expected: skewText(expected), found: skewText(found) }),
  ];
}

function compareNative(plan: TablePlan, expected: Table, found: Table): readonly Finding[] {
  const subject = displayName(plan.target);
  return [
    ...compareLocation(subject, expected.storage, found.storage),
    ...compare('PARTITION_KEYS_DIFFER', subject, { expected: keyText(expected.partitionKeys), found: keyText(found.partitionKeys) }),
    ...compareKeyComments(subject, expected, found),
    ...compareStorage(subject, expected.storage, found.storage),
    ...compareBucketingVersion(subject, expected, found),
    ...compare('PURGE_DIFFERS', subject, { expected: purgeText(expected), found: purgeText(found) }),
    ...(plan.expectedOwner === undefined
      ? []
      : compare('OWNER_DIFFERS', subject, { expected: ownerText(plan.expectedOwner), found: ownerText(found.owner) })),
  ];
}

function compareLocation(subject: string, expected: StorageDescriptor, found: StorageDescriptor): readonly Finding[] {
  const wanted = parseLocation(expected.location ?? '');
  const actual = parseLocation(found.location ?? '', wanted === undefined ? undefined : namespaceOf(wanted));
  return compare('LOCATION_DIFFERS', subject, { expected: wanted, found: actual ?? found.location });
}

function compareKeyComments(subject: string, expected: Table, found: Table): readonly Finding[] {
  return compareColumns(subject, expected.partitionKeys, found.partitionKeys).filter(({ code }) => code === 'COLUMN_COMMENT_DIFFERS');
}

function compareSerDeProperties(subject: string, expected: Parameters, found: Parameters): readonly Finding[] {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return keys
    .filter((key) => !isLeftToHive(key, expected[key], found[key]))
    .flatMap((key) => compare('SERDE_PROPERTY_DIFFERS', `${subject}: ${key}`, { expected: expected[key], found: found[key] }));
}

/** Hive writes `serialization.format` by itself, or (4.0.1, of full ACID tables) leaves 1 out, which is what it takes then. */
function isLeftToHive(key: string, expected: string | undefined, found: string | undefined): boolean {
  return key === 'serialization.format' && (expected === undefined || (expected === '1' && found === undefined));
}

const COMPARED_APART = new Set(['comment', 'external.table.purge', 'bucketing_version']);

/** Properties that must be set, with their values, and those that should not be there. */
export interface DifferingProperties {
  readonly wanted: readonly (readonly [string, string])[];
  readonly surplus: readonly (readonly [string, string])[];
}

export function differingProperties(plan: TablePlan, expected: Table, found: Table): DifferingProperties {
  const isCompared = (key: string): boolean => !COMPARED_APART.has(key) && !(key === DISCOVERY && isDiscoveryLeftToTarget(plan));
  const wanted = Object.entries(expected.parameters).filter(([key, value]) => isCompared(key) && found.parameters[key] !== value);
  const surplus = Object.entries(found.parameters).filter(
    ([key]) => isCompared(key) && expected.parameters[key] === undefined && !isWrittenByHive(key) && key !== SOURCE_MARK,
  );
  return { wanted, surplus };
}

const DISCOVERY = 'discover.partitions';

/** It is switched on when the table is proved, by us or by whoever looks after the target. */
function isDiscoveryLeftToTarget({ existing, discovery }: TablePlan): boolean {
  return existing !== undefined || discovery?.auto === true;
}

function compareProperties(plan: TablePlan, expected: Table, found: Table): readonly Finding[] {
  const subject = displayName(plan.target);
  const { wanted, surplus } = differingProperties(plan, expected, found);
  return [
    ...wanted.map(([key, value]) => finding('PROPERTY_DIFFERS', `${subject}: ${key}`, { expected: value, found: found.parameters[key] })),
    ...surplus.map(([key, value]) => finding('PROPERTY_UNEXPECTED', `${subject}: ${key}`, { expected: undefined, found: value })),
  ];
}

/** Hive keeps the text of a view without its backticks (measured, 4.0.1). */
function viewText({ viewOriginalText }: Table): string | undefined {
  return viewOriginalText?.replaceAll('`', '').trim();
}

/** Without buckets the version means nothing, and Hive 4 writes 2 by itself. */
function compareBucketingVersion(subject: string, expected: Table, found: Table): readonly Finding[] {
  if (expected.storage.numBuckets <= 0) return [];
  return compare('BUCKETING_DIFFERS', `${subject}: bucketing_version`, {
    expected: expected.parameters['bucketing_version'] ?? '1',
    found: found.parameters['bucketing_version'] ?? '1',
  });
}

/** The metastore says -1 or 0 for no buckets. */
function bucketText({ numBuckets, bucketColumns }: StorageDescriptor): string {
  return numBuckets <= 0 ? 'not bucketed' : `${numBuckets} by ${bucketColumns.join(', ').toLowerCase()}`;
}

function skewText({ skewed, storedAsSubDirectories }: StorageDescriptor): string {
  return skewed === undefined || skewed.columns.length === 0
    ? 'not skewed'
    : `${skewValues(skewed)}${storedAsSubDirectories ? ' as directories' : ''}`;
}

function skewValues({ columns, values }: SkewedInfo): string {
  return `${columns.join(', ').toLowerCase()} on ${values
    .map((tuple) => JSON.stringify(tuple))
    .sort()
    .join(', ')}`;
}

/** No flag means no purge. */
function purgeText({ parameters }: Table): string {
  return parameters['external.table.purge']?.toLowerCase() ?? 'false';
}

function commentOf({ parameters }: Table): string | undefined {
  return parameters['comment'] === '' ? undefined : parameters['comment'];
}

function ownerText(owner: Table['owner']): string | undefined {
  return owner === undefined ? undefined : `${owner.type} ${owner.name}`;
}
