import type { DatabaseScript } from '@hiveferry/core';
import type { DataSetDatabase, OfflineParts, UnreadableTable } from '../cli.module.ts';
import type { PreparedRun } from './prepare-run.ts';
import { swapSides } from './swap-sides.ts';

export interface PlannedDatabase {
  readonly script: DatabaseScript;
  /** Tables whose recorded definition cannot be read; they are refused. */
  readonly unreadable: readonly UnreadableTable[];
}

/** Reads one database of the data set and plans it. */
export function planDatabase(
  database: DataSetDatabase,
  { configuration, settings, databases }: Pick<PreparedRun, 'configuration' | 'settings' | 'databases'>,
  { planScripts }: Pick<OfflineParts, 'planScripts'>,
): PlannedDatabase {
  const { database: recorded, unreadable } = database.recorded();
  const { dataStrategy, dumpSource } = configuration;
  const seen = dataStrategy === 'DUMP' && dumpSource === 'RIGHT' ? swapSides(recorded) : recorded;
  return { script: planScripts(seen, settings, { databases }), unreadable };
}
