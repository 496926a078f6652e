import { MigrationError } from '@hiveferry/core';
import type { HiveSession, HiveSessionOptions, HiveSql, Row, StatementOptions } from '@hiveferry/ports';
import { hiveClosed, hiveTimeout } from './hive-faults.ts';
import { settingsOf } from './hive-server2.options.ts';
import type { HiveServer2Options, HiveServer2Settings } from './hive-server2.options.ts';
import { runStatement } from './hive-statement.ts';
import type { OpenSession } from './hive-statement.ts';
import { HiveConnection } from './hive.connection.ts';
import { statementsOfInitFile } from './init-file.ts';
import { serversOf } from './registered-servers.ts';
import { SessionPlaces } from './session-places.ts';

/** HiveServer2 by hive-driver. Each session has a connection of its own, so one that breaks takes no other with it. */
export function createHiveSql(options: HiveServer2Options): HiveSql {
  return new HiveDriverSql(settingsOf(options));
}

class HiveDriverSql implements HiveSql {
  readonly #settings: HiveServer2Settings;
  readonly #places: SessionPlaces;
  readonly #sessions = new Set<DriverSession>();
  readonly #opening = new Set<HiveConnection>();
  #closed = false;

  constructor(settings: HiveServer2Settings) {
    this.#settings = settings;
    this.#places = new SessionPlaces(settings.maxSessions);
  }

  async openSession(options: HiveSessionOptions = {}): Promise<HiveSession> {
    this.#ensureOpen();
    const { acquireTimeoutMs, maxSessions } = this.#settings;
    const what = `waiting for one of ${maxSessions} sessions`;
    await this.#places.take(acquireTimeoutMs, () => hiveTimeout(this.#settings, what, acquireTimeoutMs));
    try {
      this.#ensureOpen();
      return await this.#open(options.settings ?? {});
    } catch (cause) {
      this.#places.give();
      throw cause;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#places.failWaiting(() => hiveClosed(this.#settings));
    for (const connection of this.#opening) connection.close();
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }

  /** Of several servers the first that can be reached. */
  async #open(sessionSettings: Readonly<Record<string, string>>): Promise<HiveSession> {
    const servers = await serversOf(this.#settings);
    const statements = this.#settings.initFile === undefined ? [] : await statementsOfInitFile(this.#settings.initFile);
    for (const [index, settings] of servers.entries()) {
      try {
        return await this.#openAt({ settings, sessionSettings, statements });
      } catch (cause) {
        this.#ensureOpen();
        const isElsewhere = cause instanceof MigrationError && cause.code === 'HIVE_UNREACHABLE' && index < servers.length - 1;
        if (!isElsewhere) throw cause;
      }
    }
    throw hiveClosed(this.#settings);
  }

  async #openAt({ settings, sessionSettings, statements }: Opening): Promise<HiveSession> {
    const connection = new HiveConnection(settings);
    this.#opening.add(connection);
    const open = await this.#begun(connection, { settings, sessionSettings, statements }).finally(() => this.#opening.delete(connection));
    const session = new DriverSession(open, () => {
      this.#sessions.delete(session);
      this.#places.give();
    });
    this.#sessions.add(session);
    return session;
  }

  /** Ready for its first statement, or ended again. */
  async #begun(connection: HiveConnection, { settings, sessionSettings, statements }: Opening): Promise<OpenSession> {
    this.#ensureOpen();
    const open: OpenSession = { settings, connection, handle: await connection.open(sessionSettings) };
    try {
      for (const statement of statements) await runStatement(open, statement, {});
      this.#ensureOpen();
      return open;
    } catch (cause) {
      await endSession(open);
      throw cause;
    }
  }

  #ensureOpen(): void {
    if (this.#closed) throw hiveClosed(this.#settings);
  }
}

interface Opening {
  readonly settings: HiveServer2Settings;
  readonly sessionSettings: Readonly<Record<string, string>>;
  /** What the session begins with. */
  readonly statements: readonly string[];
}

class DriverSession implements HiveSession {
  readonly #open: OpenSession;
  readonly #onClosed: () => void;
  #closing: Promise<void> | undefined;

  constructor(open: OpenSession, onClosed: () => void) {
    this.#open = open;
    this.#onClosed = onClosed;
  }

  async execute(statement: string, options: StatementOptions = {}): Promise<void> {
    await runStatement(this.#open, statement, options);
  }

  async query(statement: string, options: StatementOptions = {}): Promise<readonly Row[]> {
    return await runStatement(this.#open, statement, options);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end(): Promise<void> {
    try {
      await endSession(this.#open);
    } finally {
      this.#onClosed();
    }
  }
}

/**
 * A server closes a session whose TCP connection went away, so a failure there leaves nothing behind. Over HTTP it knows of no
 * connection, and is told in any case; where it does not hear, the session ends by its own limit (`hive.server2.idle.session.timeout`).
 */
async function endSession({ settings, connection, handle }: OpenSession): Promise<void> {
  try {
    if (!connection.isLost || settings.http !== undefined)
      await connection.request('closing the session', (driver) => driver.closeSession({ sessionHandle: handle }));
  } catch {
    // Nothing more can be done for it.
  } finally {
    connection.close();
  }
}
