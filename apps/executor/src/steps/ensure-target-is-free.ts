import { MigrationError, copyRootsOf, displayName } from '@hiveferry/core';
import type { CopyRoot, FileFact, Location, RowMove, TablePlan } from '@hiveferry/core';
import { ensureStillOurs } from './drop-existing.ts';
import { linkedNow } from './linked-places.ts';
import { listFiles, listFilesIfAny } from './list-files.ts';
import { readTarget } from './read-back.ts';
import { openPart } from './open-part.ts';
import type { StepContext } from './step-handler.ts';

/**
 * The last look before files are written: since the plan, a table may have come under the name, and the directory may hold files of
 * somebody else (another table's, or the only copy of a dropped one), which a copy would replace or mix. Files that the source holds with
 * the same name and size are those of an earlier copy and may stay. A request that allows IN_PLACE_REFRESH has said that it may; a sync that
 * does speaks of the tables that stand.
 *
 * What a sync found there must still be what it found.
 *
 * Faults: TARGET_APPEARED, TARGET_NOT_EMPTY, TARGET_CHANGED, TABLE_CHANGED.
 */
export async function ensureTargetIsFree(context: StepContext, plan: TablePlan): Promise<void> {
  if (plan.existing?.linked !== undefined) return ensureStillLinked(context, plan);
  if (plan.relocation !== undefined) return ensureNewPlaceIsFree(context, plan);
  if (plan.existing !== undefined) return ensureStillOurs(context, plan);
  if (mayRefreshAny(context)) return;
  const [standing] = await context.target.metastore.tables(plan.target.database, [plan.target.table]);
  if (standing !== undefined) throw appeared(plan, standing.storage.location);
  if (plan.copiedBy === 'external') return;
  for (const root of copyRootsOf(plan)) await ensureRootIsFree(context, plan, root);
  if (plan.rows !== undefined) await ensureDestinationIsFree(context, plan, plan.rows);
}

/** Its own place is new, also where the request may refresh others. */
async function ensureStillLinked(context: StepContext, plan: TablePlan): Promise<void> {
  linkedNow(plan, await readTarget(context, plan));
  if (plan.copiedBy === 'external') return;
  for (const root of copyRootsOf(plan)) await ensureRootIsFree(context, plan, root);
}

/** A part that lies there already is the work of an earlier attempt, and may be in use. Its place is new, also where the request may refresh others. */
async function ensureNewPlaceIsFree(context: StepContext, plan: TablePlan): Promise<void> {
  const { hasBegun } = await openPart(context, plan);
  if (hasBegun) return;
  for (const root of copyRootsOf(plan)) await ensureRootIsFree(context, plan, root);
}

const isSync = ({ step: { spec } }: StepContext): boolean => spec.onExisting === 'sync';
const mayRefreshAny = (context: StepContext): boolean => context.step.spec.allowedHazards.includes('IN_PLACE_REFRESH') && !isSync(context);

/** Rows come by the rename of a whole directory: nothing may be there; for Hive, which renames managed tables, not even an empty directory. */
async function ensureDestinationIsFree(context: StepContext, plan: TablePlan, { destination, working }: RowMove): Promise<void> {
  const { target, signal } = context;
  if ('publishedAs' in working) {
    if (await isKnownToBeThere(context, destination)) throw directoryThere(plan, destination);
    return;
  }
  const root = { id: 'rows', source: destination, target: destination, excluded: [], registered: new Set<string>() };
  const there = await listFilesIfAny(target.files, root, { side: 'target', signal });
  if (there.length > 0) throw notEmpty(context, plan, { root, foreign: there });
}

/** Directories of managed tables are often Hive's alone: where we may not look, Hive says it. */
export async function isKnownToBeThere({ target }: StepContext, directory: Location): Promise<boolean> {
  try {
    return (await target.files.status(directory)) !== undefined;
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'FILE_ACCESS_DENIED') return false;
    throw error;
  }
}

async function ensureRootIsFree(context: StepContext, plan: TablePlan, root: CopyRoot): Promise<void> {
  const { source, target, signal } = context;
  const there = await listFilesIfAny(target.files, root, { side: 'target', signal });
  if (there.length === 0) return;
  const wanted = new Set((await listFiles(source.files, root, { side: 'source', signal })).map(identity));
  const foreign = there.filter((file) => !wanted.has(identity(file)));
  if (foreign.length > 0) throw notEmpty(context, plan, { root, foreign });
}

const identity = ({ path, sizeBytes }: FileFact): string => `${String(sizeBytes)} ${path}`;

function appeared(plan: TablePlan, location: string | undefined): MigrationError {
  const subject = displayName(plan.target);
  const message = `${subject} stands on the target at ${location ?? 'no location'}; when it was planned it did not. Drop it there, then resume, or plan again.`;
  return new MigrationError('TARGET_APPEARED', message, { category: 'conflict', retry: 'operator', subject });
}

function directoryThere(plan: TablePlan, destination: Location): MigrationError {
  const subject = displayName(plan.target);
  const message = `${subject}: ${destination} is there and belongs to no table of that name; Hive renames no table onto it. Move it away, then resume.`;
  return new MigrationError('TARGET_NOT_EMPTY', message, { category: 'conflict', retry: 'operator', subject });
}

interface Foreign {
  readonly root: CopyRoot;
  readonly foreign: readonly FileFact[];
}

function notEmpty(context: StepContext, plan: TablePlan, { root, foreign }: Foreign): MigrationError {
  const subject = displayName(plan.target);
  const shown = foreign.slice(0, 3).map(({ path }) => path);
  const isNewPlace = isSync(context) || plan.existing?.linked !== undefined || plan.relocation !== undefined;
  const message =
    `${subject}: ${root.target} holds ${String(foreign.length)} files that are not the source's, first ${shown.join(', ')}. ` +
    `Move them away, then resume; or map the table elsewhere${isNewPlace ? '.' : '; or allow IN_PLACE_REFRESH, which replaces files of equal names.'}`;
  return new MigrationError('TARGET_NOT_EMPTY', message, {
    category: 'conflict',
    retry: 'operator',
    subject,
    detail: { location: root.target, files: foreign.length, examples: shown },
  });
}
