import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

const hex = (data: Uint8Array): string => crc32c(data).toString(16).padStart(8, '0');

describe('crc32c', () => {
  it.each([
    ['', '00000000'],
    ['123456789', 'e3069283'],
    ['a', 'c1d04330'],
  ])('of %j is %s', (text, expected) => {
    expect(hex(Buffer.from(text))).toBe(expected);
  });

  it('is that of RFC 3720 for 32 bytes of 0 and of 255', () => {
    expect([hex(Buffer.alloc(32)), hex(Buffer.alloc(32, 255))]).toEqual(['8a9136aa', '62a8ab43']);
  });

  it('is the same however the content is cut', () => {
    const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7919) % 256));
    for (const cut of [0, 1, 7, 8, 9, 500, 999, 1000])
      expect(crc32c(content.subarray(cut), crc32c(content.subarray(0, cut)))).toBe(crc32c(content));
  });
});
