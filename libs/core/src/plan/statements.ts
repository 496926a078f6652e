import { createTable } from '../hiveql/create-table.ts';
import { createView } from '../hiveql/create-view.ts';
import { dropTable, readOneRow, setOwner } from '../hiveql/statements.ts';
import { below, locate } from '../model/location.ts';
import type { Location, Namespace } from '../model/location.ts';
import type { PlannedStatement, StatementPurpose } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { schemaUrlOf } from '../translate/schema-file.ts';

/** The working database where a CREATE is tried and dropped; made by the step of each database. */
export const PREFLIGHT_DATABASE = 'hiveferry_preflight';

/** Statements of a table: the CREATE tried under a name and place of its own and dropped, then the real one, then its owner. */
export function tableStatements(table: Table, namespace: Namespace): readonly PlannedStatement[] {
  return [...(readsCopiedSchema(table) ? [] : preflight(inWorkingPlace(table, namespace))), ...realStatements(table)];
}

/**
 * Statements of a table over files that are there already. Its CREATE is tried at that very place, so that a file system which the
 * target cannot reach is known at once; dropping an external table without purge touches no file.
 */
export function sharedTableStatements(table: Table): readonly PlannedStatement[] {
  return [...preflight(table), ...realStatements(table)];
}

/**
 * Statements of a table whose rows Hive inserts: as `tableStatements`, and the storage of the source is looked at with the target's eyes.
 *
 * @param read what the target is to read; rows of it are read only where it has files and no partitions of its own
 */
export function insertedTableStatements(table: Table, namespace: Namespace, read: Table): readonly PlannedStatement[] {
  return [...preflight(inWorkingPlace(table, namespace)), ...sourceProbe(table, read), ...realStatements(table)];
}

/** Statements of a managed table that is published by its rename: its CREATE is tried where Hive places it. */
export function renamedTableStatements(table: Table, read: Table): readonly PlannedStatement[] {
  return [...preflight(withoutLocation(table)), ...sourceProbe(table, read), ...ownerStatements(table)];
}

/** A table that moves within its metastore: its CREATE is tried on the storage that it moves to, as one that owns nothing. */
export function relocationTrial(table: Table, namespace: Namespace): readonly PlannedStatement[] {
  if (readsCopiedSchema(table)) return [];
  const parameters = { ...table.parameters, 'external.table.purge': 'false' };
  return preflight(inWorkingPlace({ ...table, tableType: 'EXTERNAL_TABLE', parameters }, namespace));
}

/** A file system that Hive of the target does not know, or may not read, is known before anything is written. */
function sourceProbe(table: Table, read: Table): readonly PlannedStatement[] {
  const name = { database: PREFLIGHT_DATABASE, table: `s${preflightName(table)}` };
  const seen = { ...read, database: name.database, name: name.table };
  return [
    onTarget('preflight-drop', dropTable(name)),
    onTarget('preflight-source', createTable(seen, { ifNotExists: false })),
    onTarget('preflight-source', readOneRow(name)),
    onTarget('preflight-drop', dropTable(name)),
  ];
}

function realStatements(table: Table): readonly PlannedStatement[] {
  return [onTarget('create-table', createTable(table)), ...ownerStatements(table)];
}

export function viewStatements(view: Table): readonly PlannedStatement[] {
  return [onTarget('create-view', createView(view))];
}

export function onTarget(purpose: StatementPurpose, sql: string): PlannedStatement {
  return { side: 'target', purpose, sql };
}

/**
 * A left-over of an interrupted attempt is dropped first, so that CREATE is really tried. Purge is off: no file is ever touched. A managed
 * table has only the empty directory that Hive makes for it.
 */
function preflight(table: Table): readonly PlannedStatement[] {
  const name = { database: PREFLIGHT_DATABASE, table: preflightName(table) };
  const tried = { ...table, database: name.database, name: name.table };
  return [
    onTarget('preflight-drop', dropTable(name)),
    onTarget(
      'preflight-create',
      createTable(tried, { ifNotExists: false, kind: table.tableType === 'MANAGED_TABLE' ? 'managed' : 'external' }),
    ),
    onTarget('preflight-drop', dropTable(name)),
  ];
}

/** Where Hive places it. */
export function withoutLocation(table: Table): Table {
  const { location: _placedByHive, ...storage } = table.storage;
  return { ...table, storage };
}

function inWorkingPlace(table: Table, namespace: Namespace): Table {
  return { ...table, storage: { ...table.storage, location: preflightPlace(table, namespace) } };
}

/** Where the CREATE of a table is tried. Hive makes the directory, and leaves it when the table is dropped. */
export function preflightPlace(table: Table, namespace: Namespace): Location {
  return below(locate(namespace, ['tmp', 'hiveferry', 'preflight']), [preflightName(table)]);
}

/** Nothing is tried when CREATE reads a schema file that is only copied later. */
function readsCopiedSchema(table: Table): boolean {
  const url = schemaUrlOf(table);
  return url?.startsWith(`${table.storage.location ?? ''}/`) === true;
}

/** The length keeps `a__b`.`c` and `a`.`b__c` apart. */
function preflightName(table: Table): string {
  return `p${table.database.length}_${table.database}__${table.name}`;
}

function ownerStatements(table: Table): readonly PlannedStatement[] {
  if (table.owner === undefined) return [];
  return [onTarget('set-owner', setOwner({ database: table.database, table: table.name }, table.owner))];
}
