/** A HiveServer2 whose administrator lets no session change how objects are described. */
import { MigrationError } from '@hiveferry/core';
import type { HiveSession, HiveSql } from '@hiveferry/ports';

export function refusingJson(hive: HiveSql): HiveSql {
  return { ...hive, openSession: async (options) => refusing(await hive.openSession(options)), close: async () => await hive.close() };
}

function refusing(session: HiveSession): HiveSession {
  return {
    query: async (statement, options) => await session.query(statement, options),
    close: async () => await session.close(),
    execute: async (statement, options) => {
      if (statement.startsWith('set hive.ddl.output.format')) throw refusal(statement);
      await session.execute(statement, options);
    },
  };
}

/** As Hive words it (`SettableConfUpdater`). */
function refusal(statement: string): MigrationError {
  const message = `Error while processing statement: Cannot modify hive.ddl.output.format at runtime. It is not in list of params that are allowed to be modified at runtime: ${statement}`;
  return new MigrationError('HIVE_STATEMENT_FAILED', message, {
    category: 'environment',
    retry: 'operator',
    subject: 'hive.ddl.output.format',
    detail: { errorCode: 1 },
  });
}
