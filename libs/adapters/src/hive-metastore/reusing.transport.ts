import { TBufferedTransport } from 'thrift';
import type { TTransportCallback } from 'thrift';

/** What thrift 0.24's transport keeps of an answer while it comes in; its declarations leave this out. */
interface InputState {
  inBuf: Buffer;
  readCursor: number;
  writeCursor: number;
}

const FIRST_SIZE = 64 * 1024;

/**
 * Thrift's buffered transport takes a new buffer for each answer, grows it from one kilobyte by copying, and begins to parse
 * anew with each piece that arrives. This one keeps its buffer for the life of the connection, and parses what
 * arrived together once. Strings are decoded when they are read, so nothing refers to the buffer afterwards.
 */
export class ReusingTransport extends TBufferedTransport {
  static override receiver(callback: (transport: TBufferedTransport, seqid: number) => void): TTransportCallback {
    const reader = new ReusingTransport();
    const input = inputOf(reader);
    input.inBuf = Buffer.allocUnsafe(FIRST_SIZE);
    let isParsingSoon = false;
    return (data?: Buffer) => {
      if (data === undefined) return;
      append(input, data);
      if (isParsingSoon) return;
      isParsingSoon = true;
      setImmediate(() => {
        isParsingSoon = false;
        callback(reader, 0);
      });
    };
  }

  override commitPosition(): void {
    const input = inputOf(this);
    input.inBuf.copyWithin(0, input.readCursor, input.writeCursor);
    input.writeCursor -= input.readCursor;
    input.readCursor = 0;
  }
}

function append(input: InputState, data: Buffer): void {
  const needed = input.writeCursor + data.length;
  if (needed > input.inBuf.length) {
    const larger = Buffer.allocUnsafe(Math.max(needed, input.inBuf.length * 2));
    input.inBuf.copy(larger, 0, 0, input.writeCursor);
    input.inBuf = larger;
  }
  data.copy(input.inBuf, input.writeCursor);
  input.writeCursor = needed;
}

/** The fields are there, though not declared: see `buffered_transport.js` of thrift 0.24. */
const inputOf = (transport: object): InputState => transport as InputState;
