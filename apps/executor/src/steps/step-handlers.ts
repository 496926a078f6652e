import type { StepKind } from '@hiveferry/core';
import { attachPartitions } from './attach-partitions.step.ts';
import { awaitCopy } from './await-copy.step.ts';
import { cleanUp } from './clean-up.step.ts';
import { convertLink } from './convert-link.step.ts';
import { copy } from './copy.step.ts';
import { createTable, createView } from './create-table.step.ts';
import { discoverPartitions } from './discover-partitions.step.ts';
import { insertRows } from './insert-rows.step.ts';
import { measure } from './measure.step.ts';
import { preflight } from './preflight.step.ts';
import { prepareDatabase } from './prepare-database.step.ts';
import { publish } from './publish.step.ts';
import { dropVanished } from './drop-vanished.step.ts';
import { exportTable } from './export-table.step.ts';
import { importTable } from './import-table.step.ts';
import { relocate } from './relocate.step.ts';
import type { StepHandler } from './step-handler.ts';
import { transferRows } from './transfer-rows.step.ts';
import { verify } from './verify.step.ts';

export const STEP_HANDLERS = {
  'prepare-database': prepareDatabase,
  preflight,
  copy,
  'await-copy': awaitCopy,
  'convert-link': convertLink,
  'create-table': createTable,
  'create-view': createView,
  'attach-partitions': attachPartitions,
  'transfer-rows': transferRows,
  'insert-rows': insertRows,
  'export-table': exportTable,
  'import-table': importTable,
  publish,
  'clean-up': cleanUp,
  'drop-vanished': dropVanished,
  relocate,
  'discover-partitions': discoverPartitions,
  measure,
  verify,
} satisfies Record<StepKind, StepHandler>;
