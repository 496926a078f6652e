import { partitionName } from '../inventory/partition-name.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { ownsItsFiles } from '../inventory/table-kind.ts';
import { compareTable, differingProperties } from '../compare/compare-table.ts';
import { isSettable, setLocation } from '../hiveql/script-statements.ts';
import { isRefusal, issue } from '../issues.ts';
import type { Finding } from '../model/evidence.ts';
import type { Hazard, Issue } from '../model/issue.ts';
import { parseLocation } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { Decision, LinkedPlaces, PartitionChanges, PlannedPartition, PlannedStatement, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Partition, Table } from '../model/table.ts';
import { mapTable, summary } from '../translate/map-table.ts';
import type { MappedTable } from '../translate/map-table.ts';
import { translateTable } from '../translate/translate-table.ts';
import type { TableMove } from '../translate/translate-table.ts';
import { planCopies } from './copy-jobs.ts';
import { copySizes } from './copy-sizes.ts';
import { refusePlan } from './destinations.ts';
import { foreignTables, refuseShared } from './foreign-tables.ts';
import { onTarget, tableStatements } from './statements.ts';
import { AMENDABLE, READ_BY_HIVE, amending, shown } from './synchronise.ts';
import { kindOf, managedWarehouse } from './target-state.ts';

interface Converting {
  readonly input: TableInput;
  /** What stands on the target. */
  readonly target: Table;
  readonly mapped: MappedTable & { readonly move: TableMove };
}

/**
 * A table of the target that points at the files of this very source comes to lie at its own place, once the same files are there. Anything
 * else that stands under the name is refused: only what is found is turned.
 */
export function planConvertedTable(accepted: TablePlan, input: TableInput): TablePlan {
  const subject = displayName(accepted.source);
  const { target } = input;
  if (target === undefined) return { ...accepted, issues: [...accepted.issues, issue('NOT_LINKED_YET', subject)] };
  const mapped = mapTable(input);
  const plan = { ...accepted, mappings: mapped.mappings, issues: [...accepted.issues, ...mapped.issues] };
  const { move } = mapped;
  if (move === undefined || plan.issues.some(isRefusal)) return plan;
  const converting = { input, target, mapped: { ...mapped, move } };
  const against = [...refuseOthers(subject, converting), ...managedWarehouse(input, move.to)];
  if (against.length > 0) return { ...plan, issues: [...plan.issues, ...against] };
  return planConversion(plan, converting);
}

/** What stands there is a link to this source, with its partitions. */
function planConversion(plan: TablePlan, { input, target, mapped }: Converting): TablePlan {
  const { move, partitions } = mapped;
  const subject = displayName(plan.source);
  const foreign = foreignTables(subject, { from: move.from, neighbours: input.neighbours, partitions });
  const copies = planCopies({ subject, move, partitions, foreign: foreign.excluded });
  const { table, decisions } = translateTable(input, move);
  const linked = linkedPlaces({ input, target, mapped });
  const expecting: TablePlan = {
    ...plan,
    expected: table,
    ...(table.owner === undefined ? {} : { expectedOwner: table.owner }),
    existing: { definition: 'kept', linked },
    partitions,
  };
  const differences = isConverted(linked) ? [] : differencesOf(expecting, target);
  const hazards = refreshHazard({ input, target, mapped }, linked);
  const isCopiedHere = !isConverted(linked) && input.settings.copiedBy === undefined;
  const issues = [
    ...plan.issues,
    ...foreign.issues,
    ...(isCopiedHere ? refuseShared(subject, foreign) : []),
    ...copies.issues,
    ...refuseDifferences(expecting, target, differences),
    ...hazards.filter(({ allowed }) => !allowed).map(({ detail }) => issue('TARGET_EXISTS', subject, detail)),
  ];
  if (issues.some(isRefusal)) return { ...plan, issues, hazards };
  const sizes = copySizes(copies.jobs, input.source, partitions);
  const { copiedBy, distcp } = input.settings;
  return {
    ...withChanges(expecting, { input, target, mapped }, differences),
    decision: 'MIGRATE',
    copyJobs: copies.jobs,
    ...(Object.keys(sizes).length === 0 ? {} : { copySizes: sizes }),
    ...(copiedBy === undefined ? {} : { copiedBy }),
    ...(copiedBy === undefined && distcp.flow === 'PUSH' ? { copySide: 'source' } : {}),
    issues,
    hazards,
    decisions: [conversion(linked, move), ...decisions],
  };
}

/** Nothing points at the source any more: there is nothing to do but to prove the table. */
export const isConverted = ({ table, partitions }: LinkedPlaces): boolean => table === undefined && partitions.length === 0;

/** Files are copied into directories that are read already where the table was converted and some of its partitions were not. */
function refreshHazard({ input, target, mapped }: Converting, linked: LinkedPlaces): readonly Hazard[] {
  if (linked.table !== undefined || isConverted(linked) || input.settings.copiedBy !== undefined) return [];
  const subject = displayName({ database: input.source.table.database, table: input.source.table.name });
  const name = displayName({ database: target.database, table: target.name });
  const allowed = input.settings.allowedHazards.includes('IN_PLACE_REFRESH');
  return [{ code: 'IN_PLACE_REFRESH', subject, allowed, detail: { target: name, location: mapped.move.to } }];
}

function refuseOthers(subject: string, converting: Converting): readonly Issue[] {
  const { input, target, mapped } = converting;
  const { move } = mapped;
  const name = displayName({ database: target.database, table: target.name });
  const kind = kindOf(target);
  if (kind !== 'EXTERNAL_TABLE') return [issue('TARGET_IS_OTHER_KIND', subject, { target: name, kind })];
  const at = placeOf(target, input);
  const location = at ?? target.storage.location ?? 'no location';
  if (ownsItsFiles(target)) return [issue('LINK_OWNS_FILES', subject, { target: name, location })];
  if (at !== move.from && at !== move.to)
    return [issue('LINKED_ELSEWHERE', subject, { target: name, location, linked: move.from, own: move.to })];
  if (!isSettable(move.to)) return [issue('LOCATION_NOT_SETTABLE', subject, { location: move.to })];
  const { elsewhere, unknown } = partitionPlaces(converting);
  return [...summary('LINKED_PARTITIONS_ELSEWHERE', subject, elsewhere), ...summary('LINK_HAS_OTHER_PARTITIONS', subject, unknown)];
}

function linkedPlaces(converting: Converting): LinkedPlaces {
  const { input, target, mapped } = converting;
  const { linked } = partitionPlaces(converting);
  const isLinked = placeOf(target, input) !== mapped.move.to;
  return { ...(isLinked ? { table: mapped.move.from } : {}), partitions: linked.map(({ name }) => name) };
}

interface PartitionPlaces {
  readonly linked: readonly { readonly name: string }[];
  readonly elsewhere: readonly { readonly name: string }[];
  /** The source does not have them. */
  readonly unknown: readonly { readonly name: string }[];
}

/** Where the partitions stand that stand on the target, in the order of their names. */
function partitionPlaces({ input, mapped }: Converting): PartitionPlaces {
  const { targetPartitions = [], source, clusters } = input;
  const planned = new Map(mapped.partitions.map((partition) => [partition.name, partition]));
  const standing = targetPartitions
    .map((partition) => ({ name: partitionName(source.table.partitionKeys, partition.values), partition }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const stateOf = ({ name, partition }: { readonly name: string; readonly partition: Partition }) =>
    partitionState(planned.get(name), parseLocation(partition.storage.location ?? '', clusters.target.namespace));
  const having = (state: ReturnType<typeof partitionState>) => standing.filter((each) => stateOf(each) === state);
  return { linked: having('linked'), elsewhere: having('elsewhere'), unknown: having('unknown') };
}

function partitionState(planned: PlannedPartition | undefined, at: Location | undefined): 'linked' | 'own' | 'elsewhere' | 'unknown' {
  if (planned === undefined) return 'unknown';
  if (at === planned.target) return 'own';
  return at === planned.source ? 'linked' : 'elsewhere';
}

const placeOf = ({ storage }: Table, { clusters }: TableInput): Location | undefined =>
  parseLocation(storage.location ?? '', clusters.target.namespace);

/** But for where it lies. */
function differencesOf(plan: TablePlan, target: Table): readonly Finding[] {
  return compareTable(plan, target).filter(({ code }) => code !== 'LOCATION_DIFFERS');
}

/** A link that was not kept like the source's is another table: a sync of it says what changes. */
function refuseDifferences(plan: TablePlan, target: Table, differences: readonly Finding[]): readonly Issue[] {
  const { wanted, surplus } = plan.expected === undefined ? { wanted: [], surplus: [] } : differingProperties(plan, plan.expected, target);
  const readBy = [...wanted, ...surplus].filter(([key]) => READ_BY_HIVE.test(key) && key !== 'avro.schema.url');
  const isAnother = differences.some(({ code }) => !AMENDABLE.includes(code)) || (differences.length > 0 && readBy.length > 0);
  if (!isAnother) return [];
  return [issue('LINK_DIFFERS', displayName(plan.source), { target: displayName(plan.target), differences: shown(differences) })];
}

/** Properties that differ, places, and partitions that came at the source since the link was made. */
function withChanges(plan: TablePlan, { input, target }: Converting, differences: readonly Finding[]): TablePlan {
  const { expected, existing } = plan;
  if (expected === undefined || existing?.linked === undefined) return plan;
  const keys = expected.partitionKeys;
  if (isConverted(existing.linked)) return keys.length === 0 ? plan : { ...plan, existing: { ...existing, partitions: partitionsOf([]) } };
  const there = new Set((input.targetPartitions ?? []).map(({ values }) => partitionName(keys, values)));
  const added = plan.partitions.map(({ name }) => name).filter((name) => !there.has(name));
  const made = { ...plan, statements: tableStatements(expected, input.clusters.target.namespace) };
  return {
    ...plan,
    existing: {
      ...existing,
      definition: differences.length === 0 ? 'kept' : 'amended',
      ...(keys.length === 0 ? {} : { partitions: partitionsOf(added) }),
    },
    statements: [
      ...made.statements.filter(({ purpose }) => purpose.startsWith('preflight-')),
      ...conversionStatements(plan, existing.linked),
      ...(differences.length === 0 ? [] : amending(made, target)),
    ],
  };
}

const partitionsOf = (added: readonly string[]): PartitionChanges => ({ added, replaced: [], dropped: [] });

/** Partitions are turned through the metastore: each has its place in the plan. */
function conversionStatements({ target, expected }: TablePlan, { table }: LinkedPlaces): readonly PlannedStatement[] {
  const to = expected?.storage.location;
  return table === undefined || to === undefined ? [] : [onTarget('convert-link', setLocation(target, to))];
}

function conversion(linked: LinkedPlaces, { from, to }: TableMove): Decision {
  if (isConverted(linked)) return { rule: 'converted-already', reason: `it lies at ${to}: nothing is done to it but its proof` };
  const table = linked.table === undefined ? `stays at ${to}` : `goes from ${from} to ${to}`;
  return {
    rule: 'link-becomes-own',
    reason: `the table ${table}, and ${linked.partitions.length} partitions with it, when the same files lie at both places`,
  };
}

/** A view has no place: one that stands as planned is proved, any other is no matter of a conversion. */
export function unlessKept(plan: TablePlan): TablePlan {
  if (plan.decision === 'REFUSED' || plan.existing?.definition === 'kept') return plan;
  const code = plan.existing === undefined ? 'NOT_LINKED_YET' : 'LINK_DIFFERS';
  const target = displayName(plan.target);
  return refusePlan(plan, issue(code, displayName(plan.source), { target, differences: `VIEW_TEXT_DIFFERS ${target}` }));
}
