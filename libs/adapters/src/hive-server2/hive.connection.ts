import { HiveClient, HiveDriver, thrift } from 'hive-driver';
import { MigrationError } from '@hiveferry/core';
import { connectionFailed } from './connection-faults.ts';
import { hiveTimeout, hiveUnreachable, openTimeout, sessionRefused } from './hive-faults.ts';
import type { HiveServer2Settings } from './hive-server2.options.ts';
import { transportOf } from './hive-transport.ts';
import type { HiveTransport } from './hive-transport.ts';
import { within } from './time-limit.ts';

export type SessionHandle = Awaited<ReturnType<HiveDriver['openSession']>>['sessionHandle'];
type ClientTypes = ConstructorParameters<typeof HiveClient>[1];

/** `TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10`: results by columns; the server lowers it when it must. */
const PROTOCOL_V10 = 9;
/** `TStatusCode.ERROR_STATUS`. */
const STATUS_ERROR = 3;

/**
 * One connection to HiveServer2 for one session: the server answers the requests of a connection one after another, so sessions
 * that shared one would wait for each other's compilations. The driver has no time limits and, when the connection
 * goes away, never settles what was under way; both are done here.
 */
export class HiveConnection {
  readonly #settings: HiveServer2Settings;
  readonly #client: HiveClient;
  readonly #lost = Promise.withResolvers<never>();
  #transport: HiveTransport | undefined;
  #isLost = false;

  constructor(settings: HiveServer2Settings) {
    this.#settings = settings;
    // The driver declares its generated code as `any`.
    this.#client = new HiveClient(thrift.TCLIService as object, thrift.TCLIService_types as ClientTypes);
    this.#client.on('error', (cause: unknown) => this.#lose(cause));
    this.#client.on('close', () => this.#lose());
    this.#lost.promise.catch(() => undefined);
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Connects, authenticates and opens the session. */
  async open(sessionSettings: Readonly<Record<string, string>>): Promise<SessionHandle> {
    const { openTimeoutMs: timeoutMs } = this.#settings;
    const limit = { timeoutMs, onTimeout: () => openTimeout(this.#settings, timeoutMs), lost: this.#lost.promise };
    try {
      return await within(this.#openSession(sessionSettings), limit);
    } catch (cause) {
      this.close();
      throw cause instanceof MigrationError ? cause : connectionFailed(this.#settings, cause);
    }
  }

  /** Makes one request; `what` is for messages. A request that timed out leaves the connection of no use. */
  async request<T>(what: string, send: (driver: HiveDriver) => Promise<T>, timeoutMs = this.#settings.callTimeoutMs): Promise<T> {
    const driver = new HiveDriver(thrift.TCLIService_types as ClientTypes, this.#client.getClient());
    const onTimeout = (): MigrationError => hiveTimeout(this.#settings, what, timeoutMs);
    try {
      return await within(send(driver), { timeoutMs, onTimeout, lost: this.#lost.promise });
    } catch (cause) {
      if (!(cause instanceof MigrationError)) throw connectionFailed(this.#settings, cause, what);
      if (cause.code === 'HIVE_TIMEOUT') this.#lose();
      throw cause;
    }
  }

  close(): void {
    this.#lose();
  }

  async #openSession(sessionSettings: Readonly<Record<string, string>>): Promise<SessionHandle> {
    const { user, password } = this.#settings;
    this.#transport = await transportOf(this.#settings, () => this.#lose());
    // Given up meanwhile: there was nothing to destroy yet.
    if (this.#isLost) throw hiveUnreachable(this.#settings, 'the connection was closed');
    await this.#client.connect(...this.#transport.connect);
    const configuration = configurationOf(this.#settings, sessionSettings);
    const driver = new HiveDriver(thrift.TCLIService_types as ClientTypes, this.#client.getClient());
    const answer = await driver.openSession({ client_protocol: PROTOCOL_V10, username: user, password, configuration });
    if (answer.status.statusCode === STATUS_ERROR) throw sessionRefused(this.#settings, answer.status);
    return answer.sessionHandle;
  }

  #lose(cause?: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#lost.reject(
      cause === undefined ? hiveUnreachable(this.#settings, 'the connection was closed') : connectionFailed(this.#settings, cause),
    );
    this.#transport?.destroy();
  }
}

/** As JDBC sends them: `set:hiveconf:` makes a setting of the session of each, `set:hivevar:` a variable. */
function configurationOf(
  { sessionSettings: common = {}, sessionVariables = {} }: HiveServer2Settings,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const named = (prefix: string, values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
    Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]);
  return Object.fromEntries([...named('set:hivevar:', sessionVariables), ...named('set:hiveconf:', { ...common, ...own })]);
}
