import { MigrationError, outputFormat } from '@hiveferry/core';
import type { HiveSession, HiveSql, Row } from '@hiveferry/ports';

/** How a statement is to be answered: whole objects as JSON, or rows for people. */
export type OutputFormat = Parameters<typeof outputFormat>[0];

interface ReadingSession {
  readonly hive: HiveSession;
  /** What it was told last. */
  format: OutputFormat;
}

/**
 * A few sessions for reading, opened when they are needed and kept; more questions wait in order. All of them may be asked twice: one that
 * met a session which the server ended while it was idle is asked again in a new one.
 */
export class ReadingSessions {
  readonly size: number;
  readonly #sql: HiveSql;
  readonly #timeoutMs: number;
  readonly #idle: ReadingSession[] = [];
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(sql: HiveSql, { sessions, timeoutMs }: { readonly sessions: number; readonly timeoutMs: number }) {
    this.#sql = sql;
    this.size = sessions;
    this.#timeoutMs = timeoutMs;
  }

  async ask(statement: string, format: OutputFormat): Promise<readonly Row[]> {
    await this.#enter();
    try {
      const idle = this.#idle.pop();
      if (idle === undefined) return await this.#askNew(statement, format);
      return await this.#askIn(idle, statement, format).catch(async (fault: unknown) => {
        if (!isEnded(fault)) throw fault;
        return await this.#askNew(statement, format);
      });
    } finally {
      this.#leave();
    }
  }

  async close(): Promise<void> {
    await this.#sql.close();
  }

  async #askNew(statement: string, format: OutputFormat): Promise<readonly Row[]> {
    const hive = await this.#sql.openSession();
    return await this.#askIn({ hive, format: 'text' }, statement, format);
  }

  async #askIn(session: ReadingSession, statement: string, format: OutputFormat): Promise<readonly Row[]> {
    try {
      if (session.format !== format) await setFormat(session.hive, format);
      session.format = format;
      const rows = await session.hive.query(statement, { timeoutMs: this.#timeoutMs });
      this.#idle.push(session);
      return rows;
    } catch (fault) {
      if (isRefusal(fault)) this.#idle.push(session);
      else await session.hive.close();
      throw fault;
    }
  }

  async #enter(): Promise<void> {
    if (this.#open < this.size) {
      this.#open += 1;
      return;
    }
    const turn = Promise.withResolvers<undefined>();
    this.#waiting.push(() => turn.resolve(undefined));
    await turn.promise;
  }

  /** Hands the place to the next in line, if any. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }
}

/** Hive with an authorizer lets sessions change only what is on its list. The fault is for the reader, which then asks for texts. */
async function setFormat(hive: HiveSession, format: OutputFormat): Promise<void> {
  try {
    await hive.execute(outputFormat(format));
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    const message = 'HiveServer2 does not let us set hive.ddl.output.format, by which whole objects are read.';
    const facts = { category: 'environment', retry: 'operator', subject: 'hive.ddl.output.format', cause } as const;
    throw new MigrationError('METASTORE_FORMAT_REFUSED', message, facts);
  }
}

/** Hive answered, so the session is as good as before. */
function isRefusal(fault: unknown): boolean {
  return fault instanceof MigrationError && fault.code === 'HIVE_STATEMENT_FAILED' && !isEnded(fault);
}

function isEnded(fault: unknown): boolean {
  if (!(fault instanceof MigrationError)) return false;
  return fault.code === 'HIVE_UNREACHABLE' || (fault.code === 'HIVE_STATEMENT_FAILED' && /Invalid SessionHandle/.test(fault.message));
}
