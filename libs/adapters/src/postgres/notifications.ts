import { Client } from 'pg';

type Listener = (payload: string) => void;

export type Channel = 'hiveferry_event' | 'hiveferry_outbox' | 'hiveferry_shard';

const CHANNELS: readonly Channel[] = ['hiveferry_event', 'hiveferry_outbox', 'hiveferry_shard'];
const RECONNECT_MS = 1_000;

/**
 * LISTEN on one connection of its own, for all listeners of the process. After a reconnect every listener is called with an empty
 * payload, since notifications may have been missed.
 */
export class Notifications {
  readonly #url: string;
  readonly #listeners = new Map<Channel, Set<Listener>>(CHANNELS.map((channel) => [channel, new Set()]));
  #client: Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(url: string) {
    this.#url = url;
  }

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.#url, application_name: 'hiveferry-listener', keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''));
    // A client that never connected is its caller's failure: only one that served may bring about a reconnect.
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    try {
      await client.connect();
      for (const channel of CHANNELS) await client.query(`listen ${channel}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
  }

  on(channel: Channel, listener: Listener): () => void {
    const listeners = this.#listeners.get(channel);
    // The same function may listen twice: each call has an entry of its own.
    const entry: Listener = (payload) => listener(payload);
    listeners?.add(entry);
    return () => listeners?.delete(entry);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #tell(channel: string, payload: string): void {
    for (const [name, listeners] of this.#listeners) if (name === channel) for (const listener of listeners) listener(payload);
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#retryLater();
  }

  /** One attempt is pending at any time, however often the connection is reported lost. */
  #retryLater(): void {
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => void this.#tryAgain(), RECONNECT_MS).unref();
  }

  async #tryAgain(): Promise<void> {
    try {
      await this.open();
      this.#retry = undefined;
      for (const channel of CHANNELS) this.#tell(channel, '');
    } catch {
      this.#retry = undefined;
      this.#retryLater();
    }
  }
}
