import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '@hiveferry/core';
import type { PlannedStatement } from '@hiveferry/core';
import type { HiveSession, StepOutcome } from '@hiveferry/ports';
import { executeAll, inSession } from './hive-statements.ts';
import { payloadOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** Whoever was first makes the directory some time before the database is in the metastore. */
const LOOKS = 10;
const LOOK_EVERY_MS = 200;

/**
 * Creates the database, and the one for preflights. Runs twice because it looks first, each statement says IF NOT EXISTS, and one that
 * fails is fine when another step made its database meanwhile: several want the one for preflights at once, and Hive 4 then fails with
 * "Unable to create database managed directory". Ends by reading the database back.
 */
export async function prepareDatabase(context: StepContext): Promise<StepOutcome> {
  const { database, statements } = payloadOf(context, 'prepare-database');
  const absent: PlannedStatement[] = [];
  for (const statement of statements) if (!(await isThere(context, statement))) absent.push(statement);
  if (absent.length > 0) await inSession(context, (session) => createAll(context, session, absent));
  const found = await context.target.metastore.database(database);
  if (found === undefined) {
    throw new MigrationError(
      'DATABASE_NOT_CREATED',
      `database ${database}: HiveServer2 accepted its statement, but the metastore of ${context.step.cluster} has none`,
      {
        category: 'environment',
        retry: 'later',
        subject: database,
      },
    );
  }
  return { result: { statements: absent.length, ...(found.locationUri !== undefined && { location: found.locationUri }) } };
}

async function createAll(context: StepContext, session: HiveSession, statements: readonly PlannedStatement[]): Promise<void> {
  for (const statement of statements) {
    try {
      await executeAll(context, session, [statement]);
    } catch (error) {
      if (!(await appears(context, statement))) throw error;
    }
  }
}

async function appears(context: StepContext, statement: PlannedStatement): Promise<boolean> {
  for (let look = 1; look <= LOOKS && !context.signal.aborted; look += 1) {
    if (await isThere(context, statement)) return true;
    if (statement.subject === undefined) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}

async function isThere({ target }: StepContext, { subject }: PlannedStatement): Promise<boolean> {
  return subject !== undefined && (await target.metastore.database(subject)) !== undefined;
}
