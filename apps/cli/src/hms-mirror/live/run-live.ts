import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../../../../../libs/contracts/src/exit-codes.ts';
import type { Terminal } from '../../terminal.ts';
import { reportDirectoryOf } from '../prepare-run.ts';
import type { DataSetPlanning, Planned, ReadRun, RefusedRun } from '../prepare-run.ts';
import { mirrorSides } from './mirror-sides.ts';
import { recordDataSet } from './record-data-set.ts';
import type { SideSettings } from './record-data-set.ts';

/** What a plan of live clusters shares with one of a data set. */
export interface Planner {
  readonly planDataSet: (planning: DataSetPlanning) => Planned;
  readonly refuse: (run: RefusedRun, terminal: Terminal) => ExitCode;
}

/** Plans from both clusters as they are, and executes the plan when that is asked for. */
export async function runLive(read: ReadRun, terminal: Terminal, planner: Planner): Promise<ExitCode> {
  const { configuration, outputDirectory } = read;
  const { sides, problems, notices } = mirrorSides(configuration);
  const refuse = (reasons: readonly string[]): ExitCode =>
    planner.refuse({ kind: 'refused', reasons, ...(outputDirectory === undefined ? {} : { outputDirectory }) }, terminal);
  if (problems.length > 0) return refuse(problems);
  const plan = async (): Promise<Planned> =>
    await planLive({ read: { ...read, notices: [...read.notices, ...notices] }, sides, terminal, planner, refuse });
  if (!configuration.execute) return (await plan()).exitCode;
  // Loaded only to execute: it brings the client of the service along.
  const { executeLive } = await import('../execute/execute-live.ts');
  return await executeLive({ configuration, sides, directory: reportDirectoryOf(read, terminal), plan, refuse }, terminal);
}

interface LivePlanning {
  readonly read: ReadRun;
  readonly sides: Parameters<typeof recordDataSet>[0]['sides'];
  readonly terminal: Terminal;
  readonly planner: Planner;
  readonly refuse: (reasons: readonly string[]) => ExitCode;
}

/** Reads both clusters into a data set, plans from it, and removes it unless it is to be kept. */
async function planLive({ read, sides, terminal, planner, refuse }: LivePlanning): Promise<Planned> {
  const { configuration } = read;
  const folder = mkdtempSync(join(tmpdir(), 'ferry-'));
  const file = join(folder, 'data-set.yaml');
  try {
    const recorded = await recordDataSet({ file, configuration, sides, say: terminal.err });
    if (recorded.kind === 'refused') return { exitCode: refuse(recorded.reasons), databases: [] };
    const all = withWarehouse(read, recorded.settings.RIGHT);
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
