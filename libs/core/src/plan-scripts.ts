import type { RecordedDatabase } from './model/data-set.ts';
import type { DatabaseScript, ScriptCopy, TableScript } from './model/script-plan.ts';
import type { ScriptSettings } from './model/script-settings.ts';
import { streamScripts } from './stream-scripts.ts';
import type { ScriptRun } from './stream-scripts.ts';

/**
 * Plans the scripts of one database and all its tables. A refusal among the database's issues means that nothing of it may be run;
 * a refused table stops no other. Tables come first, by name, then views after what they read.
 */
export function planScripts(database: RecordedDatabase, settings: ScriptSettings, run: ScriptRun = {}): DatabaseScript {
  const byName = new Map(database.tables.map((pair) => [pair.name, pair]));
  const source = { names: [...byName.keys()], get: (name: string) => byName.get(name) };
  const { items, finish, directories: _directories, ...head } = streamScripts(database, source, { ...run, settings });
  const tables: TableScript[] = [];
  const copies: ScriptCopy[] = [];
  const filteredOut: { readonly table: string; readonly reason: string }[] = [];
  for (const item of items()) {
    if (item.kind === 'left-out') filteredOut.push({ table: item.table, reason: item.reason });
    else {
      tables.push(item.script);
      copies.push(...item.copies);
    }
  }
  const finished = finish(copies);
  return { ...head, ...finished, issues: [...head.issues, ...finished.issues], tables, filteredOut };
}
