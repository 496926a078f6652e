import type { ScriptStream, TablePair } from '@hiveferry/core';
import type { DataSetDatabase, OfflineParts } from '../cli.module.ts';
import type { PreparedRun } from './prepare-run.ts';
import { swapHead, swapPair } from './swap-sides.ts';

export interface DatabaseStream {
  readonly stream: ScriptStream;
  /** Tables whose recorded definition cannot be read, with the reason; complete when all items of the stream were taken. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Plans one database of the data set; its tables are read one at a time, when the stream comes to them. */
export function streamDatabase(
  database: DataSetDatabase,
  { configuration, settings, databases }: Pick<PreparedRun, 'configuration' | 'settings' | 'databases'>,
  { streamScripts }: Pick<OfflineParts, 'streamScripts'>,
): DatabaseStream {
  const unreadable = new Map<string, string>();
  const { name, source, target, functions, tableNames } = database;
  const head = {
    name,
    ...(source === undefined ? {} : { source }),
    ...(target === undefined ? {} : { target }),
    ...(functions === undefined ? {} : { functions }),
  };
  const isOfRight = configuration.dataStrategy === 'DUMP' && configuration.dumpSource === 'RIGHT';
  const get = (table: string): TablePair | undefined => {
    const entry = database.entry(table);
    if (entry === undefined) return undefined;
    if (entry.kind === 'pair') return isOfRight ? swapPair(entry.pair) : entry.pair;
    unreadable.set(table, entry.reason);
    return undefined;
  };
  return { stream: streamScripts(isOfRight ? swapHead(head) : head, { names: tableNames, get }, { settings, databases }), unreadable };
}
