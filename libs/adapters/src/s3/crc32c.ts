/** CRC-32C (Castagnoli) of bytes, as HDFS has it for files: Node knows CRC-32 only. */

const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

/** Row `k` says what a byte becomes that stands `k` bytes before the end of a slice. */
const TABLE = makeTable();

/**
 * Continues a checksum, as `crc32` of node:zlib does.
 *
 * @param value result for what came before; 0 at the start
 * @returns unsigned 32 bits
 */
export function crc32c(data: Uint8Array, value = 0): number {
  const whole = data.length - (data.length % SLICES);
  return (bytewise(data.subarray(whole), sliced(data, whole, ~value)) ^ -1) >>> 0;
}

/** Eight bytes a turn: four times as fast as one by one. */
function sliced(data: Uint8Array, end: number, start: number): number {
  let crc = start;
  for (let at = 0; at < end; at += SLICES) {
    const low = crc ^ (byte(data, at) | (byte(data, at + 1) << 8) | (byte(data, at + 2) << 16) | (byte(data, at + 3) << 24));
    crc =
      entry(7, low & 0xff) ^
      entry(6, (low >>> 8) & 0xff) ^
      entry(5, (low >>> 16) & 0xff) ^
      entry(4, low >>> 24) ^
      entry(3, byte(data, at + 4)) ^
      entry(2, byte(data, at + 5)) ^
      entry(1, byte(data, at + 6)) ^
      entry(0, byte(data, at + 7));
  }
  return crc;
}

function bytewise(data: Uint8Array, start: number): number {
  let crc = start;
  for (const each of data) crc = entry(0, (crc ^ each) & 0xff) ^ (crc >>> 8);
  return crc;
}

function byte(data: Uint8Array, at: number): number {
  return data[at] ?? 0;
}

function entry(row: number, index: number): number {
  return TABLE[row * 256 + index] ?? 0;
}

function makeTable(): Int32Array {
  const table = new Int32Array(SLICES * 256);
  for (let index = 0; index < 256; index += 1) {
    let crc = index;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[index] = crc;
  }
  for (let index = 256; index < SLICES * 256; index += 1) {
    const before = table[index - 256] ?? 0;
    table[index] = (table[before & 0xff] ?? 0) ^ (before >>> 8);
  }
  return table;
}
