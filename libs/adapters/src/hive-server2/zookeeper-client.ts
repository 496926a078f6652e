import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';

/** Requests of ZooKeeper's protocol, and the answer when a node is not there. */
const GET_DATA = 4;
const GET_CHILDREN = 8;
const CLOSE = -11;
const NO_NODE = -101;
const SESSION_MS = 10_000;
/** Bounds what a server that is no ZooKeeper can make us wait for. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** One session with one server of ZooKeeper, which reads nodes; it needs no more of it than two requests. */
export class ZooKeeperClient {
  readonly #socket: Socket;
  readonly #answers: AsyncGenerator<Buffer>;
  #requests = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#answers = answersOf(socket);
  }

  /** @throws Error when nobody listens, or what listens is no ZooKeeper */
  static async open(host: string, port: number, timeoutMs: number): Promise<ZooKeeperClient> {
    const socket = connect({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    await once(socket, 'connect');
    // Who waits for an answer is told by its end; nobody else wants to know.
    socket.on('error', () => undefined);
    const client = new ZooKeeperClient(socket);
    try {
      const hello = Buffer.alloc(4 + 8 + 4 + 8 + 4 + 16);
      hello.writeInt32BE(SESSION_MS, 12);
      hello.writeInt32BE(16, 24);
      await client.#send(hello);
      return client;
    } catch (cause) {
      client.close();
      throw cause;
    }
  }

  /** @returns undefined when the node is not there */
  async children(path: string): Promise<readonly string[] | undefined> {
    const answer = await this.#ask(GET_CHILDREN, path);
    if (answer === undefined) return undefined;
    const names: string[] = [];
    for (let at = 4, left = answer.readInt32BE(0); left > 0; left -= 1) {
      const length = answer.readInt32BE(at);
      names.push(answer.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length;
    }
    return names;
  }

  /** @returns undefined when the node is not there */
  async data(path: string): Promise<string | undefined> {
    const answer = await this.#ask(GET_DATA, path);
    return answer?.toString('utf8', 4, 4 + Math.max(answer.readInt32BE(0), 0));
  }

  close(): void {
    const header = Buffer.alloc(8);
    header.writeInt32BE(CLOSE, 4);
    this.#socket.end(framed(header));
    this.#socket.destroySoon();
  }

  async #ask(kind: number, path: string): Promise<Buffer | undefined> {
    this.#requests += 1;
    const name = Buffer.from(path, 'utf8');
    const request = Buffer.alloc(4 + 4 + 4 + name.length + 1);
    request.writeInt32BE(this.#requests, 0);
    request.writeInt32BE(kind, 4);
    request.writeInt32BE(name.length, 8);
    name.copy(request, 12);
    const answer = await this.#send(request);
    const error = answer.readInt32BE(12);
    if (error === NO_NODE) return undefined;
    if (error !== 0) throw new Error(`ZooKeeper answered ${error} about ${path}`);
    return answer.subarray(16);
  }

  async #send(request: Buffer): Promise<Buffer> {
    this.#socket.write(framed(request));
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error('the connection was closed');
    return answer.value;
  }
}

function framed(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length);
  return Buffer.concat([length, content]);
}

async function* answersOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4) {
      const length = received.readInt32BE();
      if (length < 0 || length > MAX_ANSWER_BYTES) throw new Error('it does not speak the protocol of ZooKeeper');
      if (received.length < 4 + length) break;
      yield received.subarray(4, 4 + length);
      received = received.subarray(4 + length);
    }
  }
  return undefined;
}
