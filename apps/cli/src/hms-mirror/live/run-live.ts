import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../../../../../libs/contracts/src/exit-codes.ts';
import type { Terminal } from '../../terminal.ts';
import type { DataSetPlanning, ReadRun, RefusedRun } from '../prepare-run.ts';
import { mirrorSides } from './mirror-sides.ts';
import { recordDataSet } from './record-data-set.ts';
import type { SideSettings } from './record-data-set.ts';

/** What a plan of live clusters shares with one of a data set. */
export interface Planner {
  readonly planDataSet: (planning: DataSetPlanning) => ExitCode;
  readonly refuse: (run: RefusedRun, terminal: Terminal) => ExitCode;
}

/** Reads both clusters into a data set, plans from it, and removes it unless it is to be kept. */
export async function runLive(read: ReadRun, terminal: Terminal, planner: Planner): Promise<ExitCode> {
  const { configuration, outputDirectory } = read;
  const { sides, problems, notices } = mirrorSides(configuration);
  const refuse = (reasons: readonly string[]): ExitCode =>
    planner.refuse({ kind: 'refused', reasons, ...(outputDirectory === undefined ? {} : { outputDirectory }) }, terminal);
  if (problems.length > 0) return refuse(problems);
  const folder = mkdtempSync(join(tmpdir(), 'ferry-'));
  const file = join(folder, 'data-set.yaml');
  try {
    const recorded = await recordDataSet({ file, configuration, sides, say: terminal.err });
    if (recorded.kind === 'refused') return refuse(recorded.reasons);
    const all = { ...withWarehouse(read, recorded.settings.RIGHT), notices: [...read.notices, ...notices] };
    return planner.planDataSet({ read: all, file, terminal, keepsDataSet: configuration.dumpTestData });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where nothing says the target's warehouse, its own settings do. */
function withWarehouse(read: ReadRun, settings: SideSettings | undefined): ReadRun {
  const externalDirectory = pathOf(settings?.get('hive.metastore.warehouse.external.dir'));
  const managedDirectory = pathOf(settings?.get('hive.metastore.warehouse.dir'));
  if (externalDirectory === undefined || managedDirectory === undefined) return read;
  const { transfer } = read.configuration;
  const warehouse = { externalDirectory, managedDirectory, ...transfer.warehouse };
  return { ...read, configuration: { ...read.configuration, transfer: { ...transfer, warehouse } } };
}

function pathOf(location: string | undefined): string | undefined {
  const path = location?.replace(/^[a-z0-9]+:\/\/[^/]*/i, '').replace(/\/+$/, '');
  return path === undefined || !path.startsWith('/') ? undefined : path;
}
