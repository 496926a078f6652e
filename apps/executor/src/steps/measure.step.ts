import { MEASURING_SETTINGS, MigrationError, PROOF_LEVELS, below, copyRootsOf, rowCountQuery } from '@hiveferry/core';
import type { CopyRoot, FileFact, Location, Measurement, ProofLevel, TablePlan } from '@hiveferry/core';
import type { ClusterClient, StepOutcome } from '@hiveferry/ports';
import { listFiles, listFilesIfAny } from './list-files.ts';
import { payloadOf, planOfStep, sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Lists, checksums and counts one side, as far as the level asks, or one part of that. It only reads, so it runs twice as it is; the last
 * answer is kept.
 */
export async function measure(context: StepContext): Promise<StepOutcome> {
  const { plan } = await planOfStep(context);
  const { side } = context.step;
  const { part } = payloadOf(context, 'measure');
  const here = side === 'source' ? context.source : context.target;
  const measuredAt = context.now().toISOString();
  if (part === 'rows') return await addRows(context, { plan, here, measuredAt });
  const roots = copyRootsOf(plan);
  const listed = await listRoots(context, { roots, here });
  const checked = asks(plan, 'checksum') ? await withChecksums(context, { roots, here, listed }) : { files: listed };
  const counted = part === undefined && asks(plan, 'rows') ? await countRows(context, { plan, here }) : {};
  const measurement: Measurement = { measuredAt, ...checked, ...counted };
  const bytes = listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { reRead } = measurement;
  return { measurement, result: { side, files: listed.length, bytes, ...(reRead && { reRead }), ...counted } };
}

/** To the files of the same side that were measured before. */
async function addRows(
  context: StepContext,
  { plan, here, measuredAt }: { readonly plan: TablePlan; readonly here: ClusterClient; readonly measuredAt: string },
): Promise<StepOutcome> {
  const { runId, target, side } = context.step;
  const { [side]: before } = await context.store.measurements({ runId, target, source: sourceTableOf(context) });
  const counted = await countRows(context, { plan, here });
  return { measurement: { files: [], ...before, ...counted, measuredAt }, result: { side, ...counted } };
}

function asks({ proof }: TablePlan, level: ProofLevel): boolean {
  return PROOF_LEVELS.indexOf(proof) >= PROOF_LEVELS.indexOf(level);
}

interface Roots {
  readonly roots: readonly CopyRoot[];
  readonly here: ClusterClient;
}

async function listRoots({ step: { side }, signal }: StepContext, { roots, here }: Roots): Promise<readonly FileFact[]> {
  const files: FileFact[] = [];
  const list = side === 'source' ? listFiles : listFilesIfAny;
  for (const root of roots) files.push(...(await list(here.files, root, { side, signal })));
  return files;
}

async function withChecksums(
  { step: { side }, signal }: StepContext,
  { roots, here, listed }: Roots & { readonly listed: readonly FileFact[] },
): Promise<Pick<Measurement, 'files' | 'checksumNotReadBecause' | 'reRead'>> {
  const tops = new Map(roots.map((root) => [root.id, root[side]]));
  const located = listed.flatMap((file) => locationsOf(tops.get(file.root), file));
  const { checksums, failures, reRead } = await here.checksums.checksums(
    located.map(({ location }) => location),
    signal,
  );
  const files = located.map(({ file, location }) => {
    const checksum = checksums.get(location);
    return checksum === undefined ? file : { ...file, checksum };
  });
  const [first] = failures;
  const read = { files, ...(reRead && { reRead }) };
  if (first === undefined) return read;
  return { ...read, checksumNotReadBecause: `${String(failures.length)} files, first ${first.location}: ${first.reason}` };
}

function locationsOf(top: Location | undefined, file: FileFact): readonly { readonly file: FileFact; readonly location: Location }[] {
  return top === undefined ? [] : [{ file, location: below(top, file.path.split('/')) }];
}

/**
 * A table that cannot be counted has a reason, and is not proved to that level. Of a query that failed while it ran Hive does not say
 * whether the table or an outage did it, so it is tried as often as the step may be.
 */
async function countRows(
  { step: { side }, signal, isLastTry }: StepContext,
  { plan, here }: { readonly plan: TablePlan; readonly here: ClusterClient },
): Promise<Pick<Measurement, 'rows' | 'rowsNotCountedBecause'>> {
  const session = await here.hive.openSession({ settings: MEASURING_SETTINGS });
  try {
    const [row] = await session.query(rowCountQuery(plan, side), { signal });
    const rows = row?.[0];
    return rows === undefined || rows === null ? { rowsNotCountedBecause: 'count(*) gave no row' } : { rows };
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'HIVE_STATEMENT_FAILED') throw error;
    if (error.retry !== 'operator' && !isLastTry) throw error;
    return { rowsNotCountedBecause: error.message };
  } finally {
    await session.close().catch(() => undefined);
  }
}
