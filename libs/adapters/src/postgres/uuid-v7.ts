import { randomBytes } from 'node:crypto';
import type { Ids } from '@hiveferry/ports';

/** UUID version 7 (RFC 9562): sortable by time, so that newer rows have greater ids; 74 random bits within a millisecond. */
export function uuidV7(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const uuidV7Ids: Ids = { next: () => uuidV7(Date.now()) };
