import { HiveClient, HiveDriver, auth, connections, thrift } from 'hive-driver';
import { MigrationError } from '@hiveferry/core';
import { hiveTimeout, hiveUnreachable, openTimeout, sessionRefused } from './hive-faults.ts';
import type { HiveServer2Settings } from './hive-server2.options.ts';
import { within } from './time-limit.ts';

type Authentication = NonNullable<Parameters<HiveClient['connect']>[2]>;
type Transport = Parameters<Authentication['authenticate']>[0];
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
  #transport: Transport | undefined;
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
      throw cause instanceof MigrationError ? cause : hiveUnreachable(this.#settings, reasonOf(cause), cause);
    }
  }

  /** Makes one request; `what` is for messages. A request that timed out leaves the connection of no use. */
  async request<T>(what: string, send: (driver: HiveDriver) => Promise<T>, timeoutMs = this.#settings.callTimeoutMs): Promise<T> {
    const driver = new HiveDriver(thrift.TCLIService_types as ClientTypes, this.#client.getClient());
    const onTimeout = (): MigrationError => hiveTimeout(this.#settings, what, timeoutMs);
    try {
      return await within(send(driver), { timeoutMs, onTimeout, lost: this.#lost.promise });
    } catch (cause) {
      if (!(cause instanceof MigrationError)) throw hiveUnreachable(this.#settings, `${what} failed: ${reasonOf(cause)}`, cause);
      if (cause.code === 'HIVE_TIMEOUT') this.#lose();
      throw cause;
    }
  }

  close(): void {
    this.#lose();
  }

  async #openSession(sessionSettings: Readonly<Record<string, string>>): Promise<SessionHandle> {
    const { host, port, user, password } = this.#settings;
    await this.#client.connect({ host, port }, new connections.TcpConnection(), this.#authentication());
    // As JDBC sends them: `set:hiveconf:` makes a setting of the session of each.
    const configuration = Object.fromEntries(Object.entries(sessionSettings).map(([key, value]) => [`set:hiveconf:${key}`, value]));
    const driver = new HiveDriver(thrift.TCLIService_types as ClientTypes, this.#client.getClient());
    const answer = await driver.openSession({ client_protocol: PROTOCOL_V10, username: user, password, configuration });
    if (answer.status.statusCode === STATUS_ERROR) throw sessionRefused(this.#settings, answer.status);
    return answer.sessionHandle;
  }

  /** Remembers the transport: a handshake that hangs can only be ended by its socket. */
  #authentication(): Authentication {
    const { auth: kind, user: username, password } = this.#settings;
    const inner = kind === 'nosasl' ? new auth.NoSaslAuthentication() : new auth.PlainTcpAuthentication({ username, password });
    return {
      authenticate: async (transport) => {
        this.#transport = transport;
        const ready = inner.authenticate(transport);
        transport.addListener('close', () => this.#lose());
        return await ready;
      },
    };
  }

  #lose(cause?: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#lost.reject(hiveUnreachable(this.#settings, cause === undefined ? 'the connection was closed' : reasonOf(cause), cause));
    const socket: unknown = this.#transport?.getTransport();
    if (isDestroyable(socket)) socket.destroy();
  }
}

function isDestroyable(socket: unknown): socket is { destroy(): void } {
  return typeof socket === 'object' && socket !== null && 'destroy' in socket && typeof socket.destroy === 'function';
}

function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no message';
  return typeof cause.message === 'string' && cause.message !== '' ? cause.message : code;
}
