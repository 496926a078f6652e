/** A relay before a server that sees what clients send, can keep requests or answers back, and can be cut as a network or a dead server is. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface RelayedConnection {
  /** All that the client has sent, a character a byte. */
  readonly sent: string;
  /** Answers are kept back until then. What the client sends goes through. */
  keepAnswers(until: Promise<unknown>): void;
}

/** Called before each chunk of a client goes on; the chunk waits for the promise. */
type Watcher = (chunk: string, connection: RelayedConnection) => Promise<unknown> | undefined;

export interface WatchedRelay {
  readonly port: number;
  watch: Watcher;
  /** Ends all connections and refuses new ones, until `restore`. */
  cut(): void;
  /** @param port of the server, when it is another one now */
  restore(port?: number): void;
  close(): Promise<void>;
}

export async function openWatchedRelay(host: string, port: number): Promise<WatchedRelay> {
  const sockets = new Set<Socket>();
  const state = { port, isCut: false };
  const server = createServer((client) => {
    if (state.isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(state.port, host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Broken pairs are the purpose.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of [client, upstream]) other.destroy();
      });
    }
    join(client, upstream, (chunk, connection) => relay.watch(chunk, connection));
  });
  const listening = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => listening.resolve(undefined));
  await listening.promise;
  // A server that listens on a port has an address of this shape.
  const { port: own } = server.address() as AddressInfo;
  const relay: WatchedRelay = {
    port: own,
    watch: () => undefined,
    cut: () => {
      state.isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    restore: (to = state.port) => {
      state.port = to;
      state.isCut = false;
    },
    close: async () => {
      relay.cut();
      const closed = Promise.withResolvers<undefined>();
      server.close(() => closed.resolve(undefined));
      await closed.promise;
    },
  };
  return relay;
}

/** Chunks go on in their order, each after its watcher. */
function join(client: Socket, upstream: Socket, watch: Watcher): void {
  const connection = { sent: '', answers: Promise.resolve<unknown>(undefined) };
  const seen: RelayedConnection = {
    get sent() {
      return connection.sent;
    },
    keepAnswers: (until) => {
      connection.answers = until;
    },
  };
  let requests = Promise.resolve<unknown>(undefined);
  client.on('data', (chunk) => {
    const text = chunk.toString('latin1');
    requests = requests.then(async () => {
      connection.sent += text;
      await watch(text, seen);
      upstream.write(chunk);
    });
  });
  let answers = Promise.resolve<unknown>(undefined);
  upstream.on('data', (chunk) => {
    answers = answers.then(async () => {
      await connection.answers;
      client.write(chunk);
    });
  });
}
