import { addConstraint, constrainColumn } from '../hiveql/add-constraint.ts';
import type { ScriptInput, Side } from '../inventory/script-input.ts';
import { isExternal, isTransactional } from '../inventory/table-kind.ts';
import type { TableConstraint } from '../model/constraint.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { Column, Table, TableName } from '../model/table.ts';
import { isEnforcedOnly } from '../translate/constraints.ts';
import { isLegacy, scriptTargetDatabase, targetProfile } from '../translate/script-rules.ts';
import { NOT_NEEDED, usualUndo } from './undo.ts';

/**
 * Constraints of a table that was just created. Keys inform and are never checked; NOT NULL informs in an external table; DEFAULT and
 * CHECK are only for transactional ones (all measured, 3.1.3 and 4.0.1). Foreign keys wait for the clean-up, when all tables are there.
 */
export function constraining(input: ScriptInput, side: Side, table: Table): readonly ScriptStatement[] {
  const { settings, pair } = input;
  const profile = side === 'source' ? settings.clusters.source : targetProfile(settings);
  if (isLegacy(profile)) return [];
  const wanted = (pair.source?.constraints ?? []).filter((constraint) => !isEnforcedOnly(constraint) || isTransactional(table));
  return wanted.flatMap((constraint): readonly ScriptStatement[] => {
    const sql = constraintText(input, table, constraint);
    if (sql === undefined) return [];
    const isLate = constraint.kind === 'FOREIGN_KEY';
    const undo = isLate ? NOT_NEEDED : usualUndo('add-constraint');
    return [{ side, phase: isLate ? 'clean-up' : 'execute', purpose: 'add-constraint', sql, undo }];
  });
}

function constraintText(input: ScriptInput, table: Table, constraint: TableConstraint): string | undefined {
  const name = { database: table.database, table: table.name };
  const traits = traitsOf(constraint, table);
  const column = columnOf(table, constraint);
  const isOfColumn = ['NOT_NULL', 'DEFAULT', 'CHECK'].includes(constraint.kind);
  if (isOfColumn && column !== undefined) return constrainColumn(name, { ...constraint, column }, traits);
  if (constraint.kind === 'NOT_NULL' || constraint.kind === 'DEFAULT') return undefined;
  return addConstraint(name, { ...referring(input, constraint), name: constraint.name ?? nameFor(table, constraint) }, traits);
}

function traitsOf({ kind, traits }: TableConstraint, table: Table): string {
  const isRelied = traits.includes('RELY') || (kind === 'NOT_NULL' && isExternal(table));
  const isKept = ['NOT_NULL', 'DEFAULT', 'CHECK'].includes(kind) && !isExternal(table) && !traits.includes('DISABLE');
  return `${isKept ? 'ENABLE' : 'DISABLE'} NOVALIDATE ${isRelied ? 'RELY' : 'NORELY'}`;
}

function columnOf(table: Table, { columns }: TableConstraint): Column | undefined {
  const [only] = columns;
  return columns.length === 1 ? table.storage.columns.find(({ name }) => name.toLowerCase() === only?.toLowerCase()) : undefined;
}

/** Tables of the run have the names that they get. */
function referring({ databases, settings }: ScriptInput, constraint: TableConstraint): TableConstraint {
  if (constraint.references === undefined) return constraint;
  const { table, columns } = constraint.references;
  const database = databases.includes(table.database) ? scriptTargetDatabase(table.database, settings) : table.database;
  const renamed: TableName = { ...table, database };
  return { ...constraint, references: { table: renamed, columns } };
}

/** Hive names constraints by itself in CREATE only. */
function nameFor({ name }: Table, { kind, columns }: TableConstraint): string {
  return [name, kind.toLowerCase(), ...columns].join('_').slice(0, 128);
}
