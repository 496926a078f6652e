import type { DatabaseScript, RecordedDatabase, ScriptSettings } from '@hiveferry/core';
import { planScripts } from '@hiveferry/core';
import { openDataSet } from '@hiveferry/adapters/data-set';
import type { DataSet } from '@hiveferry/adapters/data-set';

export type { DataSet, DataSetDatabase, UnreadableTable } from '@hiveferry/adapters/data-set';

/** What the offline commands need of the outside and of the core. */
export interface OfflineParts {
  readonly openDataSet: (file: string) => DataSet;
  readonly planScripts: (
    database: RecordedDatabase,
    settings: ScriptSettings,
    run: { readonly databases: readonly string[] },
  ) => DatabaseScript;
}

export const OFFLINE_PARTS: OfflineParts = { openDataSet, planScripts };
