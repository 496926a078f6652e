/** A relay before a server, to break connections as a network does. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export class TcpRelay {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;
  #isHeld = false;

  private constructor(host: string, port: number) {
    this.#server = createServer((inner) => this.#join(inner, connect(port, host)));
  }

  static async to(host: string, port: number): Promise<TcpRelay> {
    const relay = new TcpRelay(host, port);
    await relay.mend();
    return relay;
  }

  get port(): number {
    return this.#port;
  }

  /** A black hole: connections are accepted and stay open, and nothing goes through. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was held goes through. */
  release(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nobody listens any more: connections are refused until it is mended. */
  async cut(): Promise<void> {
    const closed = Promise.withResolvers<undefined>();
    this.#server.close(() => closed.resolve(undefined));
    this.breakConnections();
    await closed.promise;
  }

  /** Listens, again on the same port. */
  async mend(): Promise<void> {
    const listening = Promise.withResolvers<undefined>();
    this.#server.listen(this.#port, '127.0.0.1', () => listening.resolve(undefined));
    await listening.promise;
    // A server that listens on a port has an address of this shape.
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.cut();
    this.breakConnections();
  }

  #join(inner: Socket, outer: Socket): void {
    for (const socket of [inner, outer]) {
      this.#sockets.add(socket);
      // A broken pair is the purpose.
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    inner.pipe(outer).pipe(inner);
    if (this.#isHeld) for (const socket of [inner, outer]) socket.pause();
  }
}
