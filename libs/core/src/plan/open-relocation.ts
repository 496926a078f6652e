import { comparePartitions } from '../compare/compare-partitions.ts';
import { compareTable } from '../compare/compare-table.ts';
import { setLocation, setSerDeProperties, setTableProperties } from '../hiveql/script-statements.ts';
import type { Finding } from '../model/evidence.ts';
import type { MovedPath, PlannedPartition, PlannedStatement, Relocation, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Partition, Table, TableName } from '../model/table.ts';
import { onTarget } from './statements.ts';

/** How far a table is on its way from its old place to its new one. */
export interface OpenRelocation {
  /** What is neither as it was planned to be nor as it was when it was planned. */
  readonly changed: readonly Finding[];
  /** Those that lie at their old place. */
  readonly partitions: readonly PlannedPartition[];
  /** What is still to be said of the table itself. */
  readonly statements: readonly PlannedStatement[];
  /** Something lies at its new place, where readers and writers find it. */
  readonly hasBegun: boolean;
}

/** Compares what the metastore holds with the table at its new place and at its old one: each part of it must be at one of the two. */
export function openRelocation(
  plan: TablePlan,
  found: { readonly foundTable?: Table; readonly foundPartitions: readonly Partition[] },
): OpenRelocation {
  const { relocation } = plan;
  if (relocation === undefined) return { changed: [], partitions: [], statements: [], hasBegun: false };
  const after = findingsOf(plan, found);
  const before = findingsOf(atOldPlace(plan, relocation), found);
  const differs = { after: new Set(after.map(keyOf)), before: new Set(before.map(keyOf)) };
  const isOpen = (key: string): boolean => differs.after.has(key) && !differs.before.has(key);
  const moving = plan.partitions.filter(({ source, target }) => source !== target);
  const subject = displayName(plan.target);
  const partitions = moving.filter(({ name }) => isOpen(`PARTITION_LOCATION_DIFFERS ${subject}/${name}`));
  const isTableOpen = isOpen(`LOCATION_DIFFERS ${subject}`);
  return {
    changed: after.filter((finding) => differs.before.has(keyOf(finding))),
    partitions,
    statements: [
      ...(isTableOpen ? [onTarget('set-location', setLocation(plan.target, plan.expected?.storage.location ?? ''))] : []),
      ...relocation.paths.filter((path) => isOpen(keyOfPath(subject, path))).map((path) => pathStatement(plan.target, path)),
    ],
    hasBegun: !isTableOpen || partitions.length < moving.length,
  };
}

/** Says the new value of a property that names a path of the table. */
export function pathStatement(table: TableName, { of, key, to }: MovedPath): PlannedStatement {
  const properties = { [key]: to };
  return onTarget('alter-table', of === 'table' ? setTableProperties(table, properties) : setSerDeProperties(table, properties));
}

function findingsOf(
  plan: TablePlan,
  { foundTable, foundPartitions }: { readonly foundTable?: Table; readonly foundPartitions: readonly Partition[] },
): readonly Finding[] {
  return [...compareTable(plan, foundTable), ...(foundTable === undefined ? [] : comparePartitions(plan, foundPartitions))];
}

/** The same plan for a table that stays where it was. */
function atOldPlace(plan: TablePlan, { from, paths }: Relocation): TablePlan {
  const { expected } = plan;
  if (expected === undefined) return plan;
  const valuesOf = (of: MovedPath['of']): Readonly<Record<string, string>> =>
    Object.fromEntries(paths.filter((path) => path.of === of).map((path) => [path.key, path.from]));
  const serde = { ...expected.storage.serde, parameters: { ...expected.storage.serde.parameters, ...valuesOf('serde') } };
  return {
    ...plan,
    expected: {
      ...expected,
      parameters: { ...expected.parameters, ...valuesOf('table') },
      storage: { ...expected.storage, location: from, serde },
    },
    partitions: plan.partitions.map((partition) => ({ ...partition, target: partition.source })),
  };
}

const keyOf = ({ code, subject }: Finding): string => `${code} ${subject}`;

function keyOfPath(subject: string, { of, key }: MovedPath): string {
  return `${of === 'table' ? 'PROPERTY_DIFFERS' : 'SERDE_PROPERTY_DIFFERS'} ${subject}: ${key}`;
}
