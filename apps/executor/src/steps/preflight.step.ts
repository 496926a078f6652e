import type { StepOutcome } from '@hiveferry/ports';
import { ensureTargetIsFree } from './ensure-target-is-free.ts';
import { executeAll, inSession } from './hive-statements.ts';
import { payloadOf, planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Looks whether the place is still free on the target, and tries the CREATE in the working database, so that a refusal is known before anything is copied. Runs twice because what an earlier
 * attempt left is dropped first (the drop is conditional), and what was made is dropped whatever happens.
 */
export async function preflight(context: StepContext): Promise<StepOutcome> {
  const { statements } = payloadOf(context, 'preflight');
  await ensureTargetIsFree(context, (await planOfStep(context)).plan);
  const drops = statements.filter(({ purpose }) => purpose === 'preflight-drop').slice(-1);
  await inSession(context, async (session) => {
    try {
      await executeAll(context, session, statements);
    } catch (error) {
      // The failure that matters is the first one; the next attempt drops what stays.
      for (const { sql } of context.signal.aborted ? [] : drops) await session.execute(sql).catch(() => undefined);
      throw error;
    }
  });
  return { result: { statements: statements.length } };
}
