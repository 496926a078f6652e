import type { HiveSession, HiveSessionOptions, HiveSql, Row, StatementOptions } from '@hiveferry/ports';
import { hiveClosed, hiveTimeout } from './hive-faults.ts';
import { settingsOf } from './hive-server2.options.ts';
import type { HiveServer2Options, HiveServer2Settings } from './hive-server2.options.ts';
import { runStatement } from './hive-statement.ts';
import type { OpenSession } from './hive-statement.ts';
import { HiveConnection } from './hive.connection.ts';
import { SessionPlaces } from './session-places.ts';

/** HiveServer2 by hive-driver. Each session has a connection of its own, so one that breaks takes no other with it. */
export function createHiveSql(options: HiveServer2Options): HiveSql {
  return new HiveDriverSql(settingsOf(options));
}

class HiveDriverSql implements HiveSql {
  readonly #settings: HiveServer2Settings;
  readonly #places: SessionPlaces;
  readonly #sessions = new Set<DriverSession>();
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
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }

  async #open(sessionSettings: Readonly<Record<string, string>>): Promise<HiveSession> {
    const connection = new HiveConnection(this.#settings);
    const handle = await connection.open(sessionSettings);
    const session = new DriverSession({ settings: this.#settings, connection, handle }, () => {
      this.#sessions.delete(session);
      this.#places.give();
    });
    this.#sessions.add(session);
    return session;
  }

  #ensureOpen(): void {
    if (this.#closed) throw hiveClosed(this.#settings);
  }
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

  /** The server closes a session whose connection went away, so a failure here leaves nothing behind. */
  async #end(): Promise<void> {
    const { connection, handle } = this.#open;
    try {
      if (!connection.isLost) await connection.request('closing the session', (driver) => driver.closeSession({ sessionHandle: handle }));
    } catch {
      // Nothing more can be done for it.
    } finally {
      connection.close();
      this.#onClosed();
    }
  }
}
