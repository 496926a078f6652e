import { MigrationError, displayName, namespaceOf, parseLocation, preflightPlace } from '@hiveferry/core';
import type { PlannedStatement, TablePlan } from '@hiveferry/core';
import type { HiveSession, StepOutcome } from '@hiveferry/ports';
import { ensureTargetIsFree } from './ensure-target-is-free.ts';
import { executeAll, inSession } from './hive-statements.ts';
import { payloadOf, planOfStep, sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Looks whether the place is still free on the target, and tries the CREATE in the working database, so that a refusal is known before anything is copied. Runs twice because what an earlier
 * attempt left is dropped first (the drop is conditional), and what was made is dropped whatever happens, with its directory.
 */
export async function preflight(context: StepContext): Promise<StepOutcome> {
  const { statements } = payloadOf(context, 'preflight');
  const { plan } = await planOfStep(context);
  await ensureTargetIsFree(context, plan);
  const drops = statements.filter(({ purpose }, index) => purpose === 'preflight-drop' && isLast(statements, index));
  await inSession(context, async (session) => {
    try {
      for (const statement of statements) await execute(context, session, { plan, statement });
    } catch (error) {
      // The failure that matters is the first one; the next attempt drops what stays.
      for (const { sql } of context.signal.aborted ? [] : drops) await session.execute(sql).catch(() => undefined);
      throw error;
    } finally {
      // Empty, it hurts nobody: a store that does not answer now fails no preflight.
      if (!context.signal.aborted) await removeWorkingPlace(context, plan).catch(() => undefined);
    }
  });
  return { result: { statements: statements.length } };
}

/** Also what an attempt left that died. A directory with anything in it is not ours to remove. */
async function removeWorkingPlace({ target, signal }: StepContext, { expected, relocation }: TablePlan): Promise<void> {
  if (expected === undefined) return;
  const moved = relocation === undefined ? undefined : parseLocation(expected.storage.location ?? '');
  const place = preflightPlace(expected, moved === undefined ? target.facts.namespace : namespaceOf(moved));
  if ((await target.files.status(place)) === undefined) return;
  for await (const _inside of target.files.walk(place, signal)) return;
  await target.files.remove(place);
}

/** Each table that is tried is dropped before and after. */
function isLast(statements: readonly PlannedStatement[], index: number): boolean {
  return !statements.slice(index + 1).some(({ sql }) => sql === statements[index]?.sql);
}

interface Trial {
  readonly plan: TablePlan;
  readonly statement: PlannedStatement;
}

async function execute(context: StepContext, session: HiveSession, { plan, statement }: Trial): Promise<void> {
  try {
    await executeAll(context, session, [statement]);
  } catch (error) {
    throw statement.purpose === 'preflight-source' ? unseen(context, plan, error) : error;
  }
}

/** What Hive says of a file system that it does not know, cannot reach or may not read differs from version to version: its own words are kept. */
function unseen(context: StepContext, { strategy }: TablePlan, cause: unknown): unknown {
  if (!(cause instanceof MigrationError) || cause.code !== 'HIVE_STATEMENT_FAILED') return cause;
  const subject = displayName(sourceTableOf(context));
  const [source, target] = [context.source.facts, context.target.facts];
  const message =
    `${subject}: Hive of ${target.name} cannot read the storage of ${source.name} (${source.namespace}), which strategy ${strategy} needs: ${cause.message} ` +
    `Make the file systems of ${source.name} known to HiveServer2, metastore and workers of ${target.name} (dfs.nameservices, network, ` +
    'keys), let its user read there, then resume; or use SCHEMA_ONLY.';
  return new MigrationError('SOURCE_STORAGE_UNSEEN', message, { category: 'environment', retry: cause.retry, subject, cause });
}
