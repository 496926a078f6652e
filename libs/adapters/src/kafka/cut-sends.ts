import type { BusMessage } from '@hiveferry/ports';

/** Below `message.max.bytes` of a broker (1,048,588 unless configured): all of a send may be of one partition, and so of one batch. */
const MAX_SEND_BYTES = 1_000_000;
/** UTF-8 takes no more for a unit of UTF-16: a bound will do, and costs nothing. */
const MAX_BYTES_A_UNIT = 3;
/** Of lengths and attributes, at most. */
const RECORD_OVERHEAD_BYTES = 32;
const HEADER_OVERHEAD_BYTES = 10;

/**
 * Cuts records into sends that a broker takes whole, in their order. One that is too large by itself goes alone: the broker refuses it, and
 * no other with it.
 */
export function* cutSends(records: readonly BusMessage[]): Iterable<readonly BusMessage[]> {
  let from = 0;
  let sizeBytes = 0;
  for (const [index, record] of records.entries()) {
    const own = mostBytesOf(record);
    if (sizeBytes + own > MAX_SEND_BYTES && index > from) {
      yield records.slice(from, index);
      from = index;
      sizeBytes = 0;
    }
    sizeBytes += own;
  }
  if (from < records.length) yield records.slice(from);
}

function mostBytesOf({ key, value, headers }: BusMessage): number {
  let units = key.length + value.length;
  let overhead = RECORD_OVERHEAD_BYTES;
  for (const [name, text] of Object.entries(headers)) {
    units += name.length + text.length;
    overhead += HEADER_OVERHEAD_BYTES;
  }
  return units * MAX_BYTES_A_UNIT + overhead;
}
