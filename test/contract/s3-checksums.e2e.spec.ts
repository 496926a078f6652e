/** What is read back from S3 must be what HDFS says of the same bytes: the real answers of both, file by file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChecksumReader, createHadoopCommand } from '@hiveferry/adapters/hadoop';
import { below, parseLocation } from '@hiveferry/core';
import type { FileChecksum, Location } from '@hiveferry/core';
import { readLab } from '../../lab/src/index.ts';
import { LabBucket } from '../support/lab-bucket.ts';

/** Seeded bytes: of less than a block, of several blocks (the source's are of 1 MiB), of the CRCs' own test. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  nine: Buffer.from('123456789'),
  'o dd=%20é': bytesOf(100_003),
  blocks: bytesOf(3 * 1_048_576 + 17),
};
const TYPES = ['CRC32C', 'CRC32'] as const;

describe('checksums read back from S3', () => {
  const { hdfs, hadoop: launcher } = readLab().clusters.source;
  const hadoop = createHadoopCommand({ command: launcher.command, environment: process.env });
  const bucket = new LabBucket();
  const onHdfs = known(parseLocation(`${hdfs.namespace}/tmp/s3-checksums`));
  const onS3 = known(parseLocation(`${bucket.namespace}/s3-checksums`));
  const names = Object.keys(FILES);

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hiveferry-s3-checksums-'));
    await hadoop.run(['fs', '-rm', '-r', '-f', onHdfs]);
    for (const [name, content] of Object.entries(FILES)) {
      writeFileSync(join(folder, name), content);
      await bucket.write(below(onS3, [name]), content);
    }
    for (const type of TYPES) {
      await hadoop.run(['fs', '-mkdir', '-p', below(onHdfs, [type])]);
      const put = await hadoop.run(['fs', `-Ddfs.checksum.type=${type}`, '-put', folder, below(onHdfs, [type])]);
      expect(put.exitCode, put.stderr).toBe(0);
      await hadoop.run(['fs', '-mv', below(onHdfs, [type, folder.split('/').at(-1) ?? '']), below(onHdfs, [type, 'all'])]);
    }
    rmSync(folder, { recursive: true });
  });
  afterAll(async () => {
    await hadoop.run(['fs', '-rm', '-r', '-f', onHdfs]);
    await bucket.store().files.remove(onS3);
  });

  it.each(TYPES)('are those of HDFS where it writes %s', async (type) => {
    const wanted = await createChecksumReader({ hadoop }).checksums(names.map((name) => below(onHdfs, [type, 'all', name])));
    const read = await bucket.store().checksums.checksums(names.map((name) => below(onS3, [name])));
    for (const name of names) {
      const expected = wanted.checksums.get(below(onHdfs, [type, 'all', name]));
      expect(expected?.algorithm).toBe(`COMPOSITE-${type}`);
      expect(offered(read.checksums.get(below(onS3, [name])))).toContainEqual(expected);
    }
    expect(read.reRead).toEqual({ files: names.length, bytes: Object.values(FILES).reduce((sum, { length }) => sum + length, 0) });
  });

  it('tell one byte that changed, and the file that is not there', async () => {
    const [blocks, absent] = [below(onS3, ['blocks']), below(onS3, ['absent'])];
    const before = await bucket.store().checksums.checksums([blocks]);
    await bucket.flipByte(blocks);
    const after = await bucket.store().checksums.checksums([blocks, absent]);
    expect(after.checksums.get(blocks)?.value).not.toBe(before.checksums.get(blocks)?.value);
    expect(after.failures.map(({ location }) => location)).toEqual([absent]);
  });
});

function offered(checksum: FileChecksum | undefined): readonly FileChecksum[] {
  if (checksum === undefined) return [];
  const { otherwise, ...first } = checksum;
  return otherwise === undefined ? [first] : [first, otherwise];
}

function bytesOf(length: number): Uint8Array {
  let state = length;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24);
}

function known(location: Location | undefined): Location {
  if (location === undefined) throw new Error('not a location');
  return location;
}
