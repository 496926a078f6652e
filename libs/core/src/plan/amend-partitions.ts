import { dropPartitions, setPartitionLocation, setTableProperties } from '../hiveql/script-statements.ts';
import type { PartitionAt } from '../hiveql/script-statements.ts';
import { isManaged, ownsItsFiles } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptStatement, Undo } from '../model/script-plan.ts';
import type { TableName } from '../model/table.ts';
import { canonicalPlace } from '../translate/place.ts';
import type { RewrittenTable } from '../translate/rewrite-table.ts';
import { adding, executed, nameOf, placed } from './script-statements.ts';
import { noWayBack, undoneBy, withUndo } from './undo.ts';

export interface Amendments {
  readonly statements: readonly ScriptStatement[];
  readonly issues: readonly Issue[];
}

/**
 * Makes the partitions of an existing table those of the source: missing ones are added, moved ones pointed elsewhere, vanished ones
 * dropped, unless that would remove files.
 */
export function amendments({ pair, database, settings }: ScriptInput, { table, partitions }: RewrittenTable): Amendments {
  if (pair.target === undefined) return { statements: [], issues: [] };
  const name = nameOf(table);
  const there = new Map(pair.target.partitions.map((partition) => [partition.name, partition.location]));
  const wanted = new Set(partitions.map((partition) => partition.name));
  const missing = partitions.filter((partition) => !there.has(partition.name)).map(placed);
  const moved = partitions.filter((partition) => isElsewhere(there.get(partition.name), partition.to)).map(placed);
  const vanished = [...there.keys()].filter((partition) => !wanted.has(partition)).sort();
  const isKept = ownsItsFiles(pair.target.table);
  const added = adding({ side: 'target', name, isCopied: settings.movement.by === 'DISTCP' }, missing);
  return {
    statements: [
      ...added.map((statement, index) => (index === 0 ? withUndo(statement, undoOfAdd(pair.target, name, missing)) : statement)),
      ...moved.map((partition) => pointedElsewhere(name, partition, there.get(partition.name))),
      ...(vanished.length === 0 || isKept ? [] : [dropped(name, vanished, there)]),
    ],
    issues:
      isKept && vanished.length > 0
        ? [issue('VANISHED_PARTITIONS_KEPT', `${database.name}.${pair.name}`, { count: vanished.length, examples: vanished.slice(0, 5) })]
        : [],
  };
}

/** Partitions of a table that owns its files take them along: the table disowns them for that while. */
function undoOfAdd(target: RecordedTable | undefined, name: TableName, added: readonly PartitionAt[]): Undo {
  const drop = dropPartitions(
    name,
    added.map((partition) => partition.name),
  );
  if (target === undefined || isManaged(target.table)) return noWayBack('dropping them would remove their files');
  if (!ownsItsFiles(target.table)) return undoneBy(drop);
  const purging = (value: string): string => setTableProperties(name, { 'external.table.purge': value });
  return undoneBy(purging('false'), drop, purging('true'));
}

function pointedElsewhere(name: TableName, partition: PartitionAt, before: string | undefined): ScriptStatement {
  const statement = executed('target', 'set-location', setPartitionLocation(name, partition));
  if (before === undefined) return statement;
  return withUndo(statement, undoneBy(setPartitionLocation(name, { name: partition.name, location: before })));
}

function dropped(name: TableName, vanished: readonly string[], there: ReadonlyMap<string, string | undefined>): ScriptStatement {
  const places = vanished.flatMap((partition) => {
    const location = there.get(partition);
    return location === undefined ? [] : [{ name: partition, location }];
  });
  const statement = executed('target', 'drop-partitions', dropPartitions(name, vanished));
  if (places.length < vanished.length) return statement;
  return withUndo(statement, undoneBy(...adding({ side: 'target', name, isCopied: false }, places).map(({ sql }) => sql)));
}

function isElsewhere(there: string | undefined, to: string): boolean {
  return there !== undefined && canonicalPlace(there) !== to;
}
