import { MigrationError } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { executeAll, inSession } from './hive-statements.ts';
import { payloadOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** Creates the database, and the one for preflights. Runs twice by IF NOT EXISTS; ends by reading the database back. */
export async function prepareDatabase(context: StepContext): Promise<StepOutcome> {
  const { database, statements } = payloadOf(context, 'prepare-database');
  await inSession(context, (session) => executeAll(context, session, statements));
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
  return { result: { statements: statements.length, ...(found.locationUri !== undefined && { location: found.locationUri }) } };
}
