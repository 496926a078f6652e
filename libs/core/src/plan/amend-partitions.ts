import { dropPartitions, setPartitionLocation } from '../hiveql/script-statements.ts';
import { ownsItsFiles } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import { canonicalPlace } from '../translate/place.ts';
import type { RewrittenTable } from '../translate/rewrite-table.ts';
import { adding, executed, nameOf, placed } from './script-statements.ts';

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
  return {
    statements: [
      ...adding({ side: 'target', name, isCopied: settings.movement.by === 'DISTCP' }, missing),
      ...moved.map((partition) => executed('target', 'set-location', setPartitionLocation(name, partition))),
      ...(vanished.length === 0 || isKept ? [] : [executed('target', 'drop-partitions', dropPartitions(name, vanished))]),
    ],
    issues:
      isKept && vanished.length > 0
        ? [issue('VANISHED_PARTITIONS_KEPT', `${database.name}.${pair.name}`, { count: vanished.length, examples: vanished.slice(0, 5) })]
        : [],
  };
}

function isElsewhere(there: string | undefined, to: string): boolean {
  return there !== undefined && canonicalPlace(there) !== to;
}
