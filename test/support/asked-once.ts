/** HiveServer2 that is asked once for what does not change: each statement costs both Hive's processes some 20 ms of two cores. */
import type { HiveSession, HiveSql, Row } from '@hiveferry/ports';

/** @param isSettled which answers stay as they are, by their statement */
export function askedOnce(hive: HiveSql, isSettled: (statement: string) => boolean): HiveSql {
  const answers = new Map<string, readonly Row[]>();
  const remembering = (session: HiveSession): HiveSession => ({
    execute: async (statement, options) => await session.execute(statement, options),
    close: async () => await session.close(),
    query: async (statement, options) => {
      const known = answers.get(statement);
      if (known !== undefined) return known;
      const rows = await session.query(statement, options);
      if (isSettled(statement)) answers.set(statement, rows);
      return rows;
    },
  });
  return { openSession: async (options) => remembering(await hive.openSession(options)), close: async () => await hive.close() };
}
