import type { DatabaseHead, ScriptSettings, ScriptStream, TableSource } from '@hiveferry/core';
import { streamScripts } from '@hiveferry/core';
import { openDataSet } from '@hiveferry/adapters/data-set';
import type { DataSet } from '@hiveferry/adapters/data-set';

export type { DataSet, DataSetDatabase } from '@hiveferry/adapters/data-set';

/** What the offline commands need of the outside and of the core. */
export interface OfflineParts {
  readonly openDataSet: (file: string) => DataSet;
  readonly streamScripts: (
    database: DatabaseHead,
    tables: TableSource,
    run: { readonly settings: ScriptSettings; readonly databases: readonly string[] },
  ) => ScriptStream;
}

export const OFFLINE_PARTS: OfflineParts = { openDataSet, streamScripts };
