import { dropPartitions, isSettable, setPartitionLocation } from '../hiveql/script-statements.ts';
import { addPartitions, setPartitionFormat } from '../hiveql/statements.ts';
import { formatOf } from '../inventory/format.ts';
import { DEFAULT_PARTITION } from '../inventory/partition-name.ts';
import { slicesOf } from '../model/in-order.ts';
import type { PlannedPartition, PlannedStatement, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { StorageDescriptor, Table } from '../model/table.ts';
import { isExecutable } from '../strategies/registry.ts';
import type { ArtefactInput } from './artefact.ts';
import { rowTexts } from './row-texts.ts';
import { commentText } from './shell.ts';

/** Partitions of one ADD PARTITION. */
const PARTITIONS_PER_STATEMENT = 1000;

/** The statements of one side as a file for Beeline. Trying CREATE beforehand is left out: it leaves nothing. */
export function hiveqlFile({ database, tables }: ArtefactInput, side: 'source' | 'target'): string {
  const blocks = [
    ...block(`database ${database.target}`, statementsOf(database.statements, side)),
    ...tables.flatMap((plan) => tableBlock(plan, side)),
  ];
  const title = `-- HiveQL of the ${side} for database ${commentText(database.source)}`;
  return `${[title, ...(blocks.length === 0 ? ['-- nothing is run on this side'] : blocks)].join('\n\n')}\n`;
}

function tableBlock(plan: TablePlan, side: 'source' | 'target'): readonly string[] {
  const title = displayName(side === 'source' ? plan.source : plan.target);
  if (plan.decision === 'REFUSED')
    return side === 'source' ? [] : [`-- ${commentText(title)}: refused, ${plan.issues.map(({ code }) => code).join(', ')}`];
  const [last, first] = parted(plan.statements, ({ purpose }) => purpose === 'repair-partitions' || purpose === 'discover-partitions');
  return block(title, [
    ...statementsOf(first, side, plan),
    ...(side === definitionSide(plan) ? partitionTexts(plan) : []),
    ...(side === 'target' ? discoveryTexts(statementsOf(last, side, plan)) : []),
  ]);
}

function parted<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function discoveryTexts(texts: readonly string[]): readonly string[] {
  return texts.length === 0
    ? []
    : ['-- when the files are there and the table is checked: these drop partitions that have no directory', ...texts];
}

/** A plan that only tells is of the source itself. */
const definitionSide = (plan: TablePlan): 'source' | 'target' => (isExecutable(plan.strategy) ? 'target' : 'source');

function block(title: string, texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : [[`-- ${commentText(title)}`, ...texts].join('\n')];
}

function statementsOf(statements: readonly PlannedStatement[], side: 'source' | 'target', plan?: TablePlan): readonly string[] {
  const rows = plan?.rows;
  return statements
    .filter((statement) => statement.side === side && !statement.purpose.startsWith('preflight-'))
    .flatMap((statement) => (plan === undefined || rows === undefined ? [`${statement.sql};`] : rowTexts(plan, rows, statement)));
}

/** In a sync only what changes. */
function partitionTexts(plan: TablePlan): readonly string[] {
  return [...convertedTexts(plan), ...changedTexts(plan)];
}

/** The service points them elsewhere through the metastore. */
function convertedTexts({ target, existing, partitions, relocation }: TablePlan): readonly string[] {
  const linked = new Set(existing?.linked?.partitions);
  return partitions
    .filter(({ name, source, target: to }) => linked.has(name) || (relocation !== undefined && source !== to))
    .map(({ name, values, target: location }) => convertedText(target, { name, values, location }));
}

function convertedText(
  table: TablePlan['target'],
  { name, values, location }: Pick<PlannedPartition, 'name' | 'values'> & { readonly location: string },
): string {
  const isSayable = isSettable(location) && !values.some((value) => value === '' || value.includes(DEFAULT_PARTITION));
  if (isSayable) return `${setPartitionLocation(table, { name, location })};`;
  return `-- partition ${commentText(name)} to ${commentText(location)}: HiveQL cannot say it; it is set through the metastore`;
}

function changedTexts(plan: TablePlan): readonly string[] {
  if (plan.relocation !== undefined) return [];
  const changes = plan.existing?.partitions;
  if (changes === undefined) return plan.existing?.linked === undefined ? addedTexts(plan, plan.partitions) : [];
  const added = new Set([...changes.added, ...changes.replaced]);
  const dropped = [...changes.dropped, ...changes.replaced];
  const batches = slicesOf(dropped, PARTITIONS_PER_STATEMENT);
  return [
    ...batches.map((names) => `${dropPartitions(plan.target, names)};`),
    ...addedTexts(
      plan,
      plan.partitions.filter(({ name }) => added.has(name)),
    ),
  ];
}

/** What HiveQL cannot say is shown as a comment: we attach through the metastore. */
function addedTexts(plan: TablePlan, partitions: readonly PlannedPartition[]): readonly string[] {
  const own = plan.expected === undefined ? '' : formatOf(plan.expected.storage);
  const reasons = partitions.map((partition) => ({ partition, reason: unsayable(partition, plan.expected) }));
  const others = reasons.flatMap(({ partition, reason }) =>
    reason === undefined && formatOf(partition.storage) !== own ? [partition] : [],
  );
  const sayable = reasons
    .filter(({ reason }) => reason === undefined)
    .map(({ partition }) => ({ values: partition.values, location: partition.target }));
  const keys = plan.expected?.partitionKeys ?? [];
  const batches = slicesOf(sayable, PARTITIONS_PER_STATEMENT);
  return [
    ...batches.map((batch) => `${addPartitions(plan.target, keys, batch)};`),
    // ADD gives each partition the format of the table.
    ...others.flatMap((partition) => setPartitionFormat(plan.target, keys, partition).map((sql) => `${sql};`)),
    ...reasons.flatMap(({ partition, reason }) =>
      reason === undefined ? [] : [`-- partition ${commentText(partition.name)} at ${commentText(partition.target)}: ${reason}`],
    ),
  ];
}

function unsayable(partition: PlannedPartition, table: Table | undefined): string | undefined {
  if (partition.values.some((value) => value === '' || value.includes(DEFAULT_PARTITION)))
    return 'HiveQL cannot add the default partition; it is attached through the metastore';
  // Measured in 3.1.3 and 4.0.1: "Changing file format (from ORC) is not supported".
  const isOrc = table !== undefined && isOrcFormat(table.storage);
  if (isOrc && formatOf(partition.storage) !== formatOf(table.storage))
    return 'HiveQL gives a partition of an ORC table no other format; it is attached through the metastore';
  return undefined;
}

function isOrcFormat({ inputFormat = '' }: StorageDescriptor): boolean {
  return inputFormat.endsWith('.OrcInputFormat');
}
