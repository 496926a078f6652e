/** A relay before a server, to break connections as a network does. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export class TcpRelay {
  readonly port: number;
  readonly #sockets: Set<Socket>;
  readonly #stop: () => Promise<void>;

  private constructor(port: number, sockets: Set<Socket>, stop: () => Promise<void>) {
    this.port = port;
    this.#sockets = sockets;
    this.#stop = stop;
  }

  static async to(host: string, port: number): Promise<TcpRelay> {
    const sockets = new Set<Socket>();
    const server = createServer((inner) => {
      const outer = connect(port, host);
      for (const socket of [inner, outer]) {
        sockets.add(socket);
        // A broken pair is the purpose.
        socket.on('error', () => undefined);
        socket.on('close', () => sockets.delete(socket));
      }
      inner.pipe(outer).pipe(inner);
    });
    const listening = Promise.withResolvers<undefined>();
    server.listen(0, '127.0.0.1', () => listening.resolve(undefined));
    await listening.promise;
    // A server that listens on a port has an address of this shape.
    const { port: own } = server.address() as AddressInfo;
    return new TcpRelay(own, sockets, async () => {
      const closed = Promise.withResolvers<undefined>();
      server.close(() => closed.resolve(undefined));
      await closed.promise;
    });
  }

  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.breakConnections();
    await this.#stop();
  }
}
