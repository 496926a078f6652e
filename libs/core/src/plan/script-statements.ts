import { createTable } from '../hiveql/create-table.ts';
import { createView } from '../hiveql/create-view.ts';
import { literal } from '../hiveql/quote.ts';
import { addPartitionsAt, dropView, repairPartitions, setPartitionLocation } from '../hiveql/script-statements.ts';
import type { PartitionAt } from '../hiveql/script-statements.ts';
import { dropTable, setOwner } from '../hiveql/statements.ts';
import { hasOwnFiles, isExternal, isManaged, isPartitioned, isView, ownsItsFiles, parameterOf } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import type { Side } from '../inventory/script-input.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { sortedBy } from '../model/order.ts';
import type { ScriptPurpose, ScriptStatement, Undo } from '../model/script-plan.ts';
import type { Parameters, Table, TableName } from '../model/table.ts';
import { isLegacy, targetProfile } from '../translate/script-rules.ts';
import type { MovedPartition } from '../translate/move-partitions.ts';
import type { RewrittenTable } from '../translate/rewrite-table.ts';
import { constraining } from './constraint-statements.ts';
import { isDefaultPartition, strayPartitions } from './stray-partitions.ts';
import { NOT_NEEDED, noWayBack, undoOfCreate, undoneBy, usualUndo, withUndo } from './undo.ts';

/** A statement with the undo that is usual for its purpose; see `withUndo` for another one. */
export function executed(side: Side, purpose: ScriptPurpose, sql: string): ScriptStatement {
  return { side, phase: 'execute', purpose, sql, undo: usualUndo(purpose) };
}

export function cleanedUp(side: Side, purpose: ScriptPurpose, sql: string): ScriptStatement {
  return { side, phase: 'clean-up', purpose, sql, undo: noWayBack('the clean-up is the end of all ways back') };
}

export function nameOf({ database, name }: Table): TableName {
  return { database, table: name };
}

/** DROP of a table that is there; it can be created again where no file went with it. */
export function dropping(side: Side, recorded: RecordedTable): ScriptStatement {
  const { table } = recorded;
  const sql = isView(table) ? dropView(nameOf(table)) : dropTable(nameOf(table));
  return withUndo(executed(side, 'drop', sql), undoOfDrop(side, recorded));
}

function undoOfDrop(side: Side, { table, partitions }: RecordedTable): Undo {
  if (isView(table)) return undoneBy(createView(table));
  if (isManaged(table) || ownsItsFiles(table)) return noWayBack('the files of the table went with it');
  const places = partitions.flatMap(({ name, location }) => (location === undefined ? [] : [{ name, location }]));
  if (places.length < partitions.length) return noWayBack('where its partitions lay is not known');
  const attached = adding(
    { side, name: nameOf(table), isCopied: false },
    sortedBy(places, ({ name }) => name),
  );
  return undoneBy(createSaid(table, true), ...attached.map(({ sql }) => sql));
}

/** CREATE of a table or view that readers will see, and its owner when that is asked for. */
export function creating(input: ScriptInput, side: Side, table: Table): readonly ScriptStatement[] {
  const { settings } = input;
  const profile = side === 'source' && settings.clusters.target !== undefined ? settings.clusters.source : targetProfile(settings);
  if (isView(table)) return [withUndo(executed(side, 'create-view', createView(table)), undoneBy(dropView(nameOf(table))))];
  const created = executed(side, 'create-table', createText(input, table, profile.createIfNotExists));
  return [withUndo(created, undoOfCreate(table)), ...constraining(input, side, table), ...owning(input, side, table)];
}

/** CREATE of a working table; a left-over of an earlier run goes first. */
export function creatingWorking(side: Side, table: Table): readonly ScriptStatement[] {
  const kind = isExternal(table) ? 'external' : 'managed';
  const drop = dropTable(nameOf(table));
  return [
    withUndo(executed(side, 'drop', drop), NOT_NEEDED),
    withUndo(executed(side, 'create-working-table', createTable(printable(table), { ifNotExists: false, kind })), undoneBy(drop)),
  ];
}

function createText({ settings, pair }: ScriptInput, table: Table, ifNotExists: boolean): string {
  const isConverted = settings.iceberg.convert && pair.source !== undefined && hasOwnFiles(pair.source.table);
  return createSaid(table, ifNotExists, isConverted ? 'ICEBERG' : undefined);
}

function createSaid(table: Table, ifNotExists: boolean, storedBy = handlerOf(table)): string {
  const kind = isExternal(table) ? 'external' : 'managed';
  return createTable(printable(table), storedBy === undefined ? { ifNotExists, kind } : { ifNotExists, kind, storedBy });
}

function handlerOf(table: Table): string | undefined {
  const handler = parameterOf(table, 'storage_handler');
  return handler === undefined ? undefined : literal(handler);
}

function owning({ settings, pair }: ScriptInput, side: Side, table: Table): readonly ScriptStatement[] {
  const owner = pair.source?.table.owner;
  const profile = side === 'source' ? settings.clusters.source : targetProfile(settings);
  if (!settings.ownership.table || owner === undefined || isLegacy(profile)) return [];
  return [executed(side, 'set-owner', setOwner(nameOf(table), owner))];
}

/**
 * Partitions of a table that was just created: listed one by one where their locations are known, else found by MSCK, where the
 * configuration asks for that.
 */
export function attaching({ repairs, ...attached }: Attaching, { table, partitions }: RewrittenTable): readonly ScriptStatement[] {
  const { side } = attached;
  if (partitions.length > 0) return adding({ ...attached, name: nameOf(table) }, partitions.map(placed));
  return repairs ? [executed(side, 'repair-partitions', repairPartitions(nameOf(table)))] : [];
}

export interface Attaching extends Omit<Attached, 'name'> {
  /** The configuration asks for MSCK, and partitions are not looked at one by one. */
  readonly repairs: boolean;
}

/** Whose partitions are attached, and whether their files are there already or come by a copy. */
export interface Attached {
  readonly side: Side;
  readonly name: TableName;
  readonly isCopied: boolean;
}

/**
 * ADD PARTITION; for the default partition, which Hive does not take there, MSCK and SET LOCATION (both measured, 3.1.3 and 4.0.1).
 * SET LOCATION needs the partition: where its files come by a copy, it waits for that.
 */
export function adding({ side, name, isCopied }: Attached, partitions: readonly PartitionAt[]): readonly ScriptStatement[] {
  const said = partitions.filter((partition) => !isDefaultPartition(partition));
  const others = partitions.filter(isDefaultPartition);
  if (others.length === 0) return said.length === 0 ? [] : [executed(side, 'add-partitions', addPartitionsAt(name, said))];
  const repair = executed(side, 'repair-partitions', repairPartitions(name));
  const pointing = others.map((partition) => withUndo(executed(side, 'set-location', setPartitionLocation(name, partition)), NOT_NEEDED));
  const late = isCopied ? [repair, ...pointing].map((statement): ScriptStatement => ({ ...statement, phase: 'clean-up' })) : pointing;
  return [...adding({ side, name, isCopied }, said), repair, ...late];
}

/** A partition in its new place. */
export function placed({ name, to }: MovedPartition): PartitionAt {
  return { name, location: to };
}

/** Partitions of a shadow table over files of the source: MSCK finds those in their places, the others are said. */
export function findingPartitions(source: RecordedTable, name: TableName): readonly ScriptStatement[] {
  if (!isPartitioned(source)) return [];
  const strays = strayPartitions(source);
  return [executed('target', 'repair-partitions', repairPartitions(name)), ...adding({ side: 'target', name, isCopied: false }, strays)];
}

/** What Hive says by itself is not printed: EXTERNAL is said by CREATE, and 1 is the default of the serialization format. */
function printable(table: Table): Table {
  const { serde } = table.storage;
  const others = omit(table.parameters, ([key]) => /^(external|storage_handler)$/i.test(key));
  const parameters = omit(serde.parameters, ([key, value]) => key === 'serialization.format' && value === '1');
  return { ...table, parameters: others, storage: { ...table.storage, serde: { ...serde, parameters } } };
}

function omit(parameters: Parameters, isGone: (entry: readonly [string, string]) => boolean): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter((entry) => !isGone(entry)));
}
