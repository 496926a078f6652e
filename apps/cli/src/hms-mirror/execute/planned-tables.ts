import { parseCreate } from '@hiveferry/core';
import type { TableScript } from '@hiveferry/core';

/** What the scripts of one database do, as far as executing must know it. */
export interface PlannedDatabase {
  readonly name: string;
  /** Tables that are executed; those that are created, with the place that their script says. */
  readonly tables: ReadonlyMap<string, string | undefined>;
  /** Tables of the source that are not executed. */
  readonly leftOut: readonly string[];
  /** Tables that the scripts drop, since the source no longer has them. */
  readonly dropped: readonly string[];
}

/** Takes the tables of one database as their scripts are written. */
export interface PlannedTables {
  readonly add: (script: TableScript) => void;
  readonly leaveOut: (table: string) => void;
  readonly finish: () => PlannedDatabase;
}

export function collectPlannedTables(name: string, isSync: boolean): PlannedTables {
  const tables = new Map<string, string | undefined>();
  const leftOut: string[] = [];
  const dropped: string[] = [];
  return {
    add: (script) => {
      if (script.decisions.some(({ rule }) => rule === 'sync-drops')) dropped.push(script.name);
      else if (script.decision === 'REFUSED' || script.decision === 'BY_HAND' || (script.decision === 'LEFT_ALONE' && !isSync))
        leftOut.push(script.name);
      else tables.set(script.name, placeOf(script, name));
    },
    leaveOut: (table) => {
      leftOut.push(table);
    },
    finish: () => ({ name, tables, leftOut, dropped }),
  };
}

/** Where the script makes the table. */
function placeOf({ statements }: TableScript, database: string): string | undefined {
  const create = statements.find(({ side, purpose }) => side === 'target' && purpose === 'create-table');
  if (create === undefined) return undefined;
  const parsed = parseCreate(create.sql, { database });
  return parsed.kind === 'syntax-error' ? undefined : parsed.table.storage.location;
}
