import { Client } from 'pg';

type Listener = (payload: string) => void;

export type Channel = 'hiveferry_event' | 'hiveferry_outbox';

const CHANNELS: readonly Channel[] = ['hiveferry_event', 'hiveferry_outbox'];
const RECONNECT_MS = 1_000;

/**
 * LISTEN on one connection of its own, for all listeners of the process. After a reconnect every listener is called with an empty
 * payload, since notifications may have been missed.
 */
export class Notifications {
  readonly #url: string;
  readonly #listeners = new Map<Channel, Set<Listener>>(CHANNELS.map((channel) => [channel, new Set()]));
  #client: Client | undefined;
  #isClosed = false;

  constructor(url: string) {
    this.#url = url;
  }

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.#url, application_name: 'hiveferry-listener', keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''));
    client.on('error', () => this.#reconnect(client));
    client.on('end', () => this.#reconnect(client));
    await client.connect();
    for (const channel of CHANNELS) await client.query(`listen ${channel}`);
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
    await this.#client?.end();
  }

  #tell(channel: string, payload: string): void {
    for (const [name, listeners] of this.#listeners) if (name === channel) for (const listener of listeners) listener(payload);
  }

  #reconnect(client: Client): void {
    if (this.#isClosed || (this.#client !== undefined && this.#client !== client)) return;
    this.#client = undefined;
    setTimeout(() => void this.#tryAgain(), RECONNECT_MS).unref();
  }

  async #tryAgain(): Promise<void> {
    if (this.#isClosed || this.#client !== undefined) return;
    try {
      await this.open();
      for (const channel of CHANNELS) this.#tell(channel, '');
    } catch {
      setTimeout(() => void this.#tryAgain(), RECONNECT_MS).unref();
    }
  }
}
