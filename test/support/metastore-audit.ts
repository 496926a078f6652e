/** What the lab's metastore of one side was asked to change, from its audit log: a statement that was applied twice is there twice. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../lab/src/index.ts';

export interface MetastoreAudit {
  /** How often each table of the database was made since the audit was opened. */
  made(database: string): ReadonlyMap<string, number>;
  /** How often a table was given each new name. */
  renamed(): ReadonlyMap<string, number>;
  /** Calls that dropped something of the database since then. */
  dropped(database: string): readonly string[];
}

export function openMetastoreAudit(lab: Lab, side: 'source' | 'target'): MetastoreAudit {
  const file = join(lab.dir, 'logs', `${side}-metastore.log`);
  const from = statSync(file).size;
  const lines = (): readonly string[] =>
    textAfter(file, from)
      .split('\n')
      .filter((line) => line.includes(' HiveMetaStore.audit: '));
  return {
    made: (database) =>
      countsOf(lines(), (line) => {
        const [, table, of] = /\bcreate_table\w*: Table\(tableName:([^,]+), dbName:([^,]+),/.exec(line) ?? [];
        return of === database ? table : undefined;
      }),
    renamed: () =>
      countsOf(lines(), (line) => {
        const [, table, name] = /\balter_table\w*: \S*\.([^.\s]+) newtbl=(\S+)/.exec(line) ?? [];
        return name === table ? undefined : name;
      }),
    dropped: (database) =>
      lines().filter((line) => /\b(?:drop|truncate)_\w+\b/.test(line) && new RegExp(`[.=:# ]${database}\\b`).test(line)),
  };
}

function countsOf(lines: readonly string[], tableOf: (line: string) => string | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const table of lines.flatMap((line) => tableOf(line) ?? [])) counts.set(table, (counts.get(table) ?? 0) + 1);
  return counts;
}

function textAfter(file: string, offset: number): string {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, statSync(file).size - offset));
    readSync(handle, buffer, 0, buffer.length, offset);
    return buffer.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
