import { describe, expect, it } from 'vitest';
import { createMemoryFileStore } from '@hiveferry/adapters/memory';
import { namespaceOf, parseLocation } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import type { ChecksumReader } from '@hiveferry/ports';
import { routedChecksums, routedFiles } from './routed-stores.ts';

const at = (text: string): Location => {
  const location = parseLocation(text);
  if (location === undefined) throw new Error(`not a location: ${text}`);
  return location;
};
const onHdfs = at('hdfs://right:8020/t/f');
const onLake = at('s3a://lake/t/f');

/** Answers with its own name as the value. */
const reader = (value: string, reRead?: { readonly files: number; readonly bytes: number }): ChecksumReader => ({
  checksums: async (files) => ({
    checksums: new Map(files.filter((file) => !file.endsWith('bad')).map((file) => [file, { algorithm: 'A', value }])),
    failures: files.filter((file) => file.endsWith('bad')).map((location) => ({ location, reason: value })),
    ...(reRead === undefined ? {} : { reRead }),
  }),
});
const stores = [
  { namespace: namespaceOf(onHdfs), files: createMemoryFileStore(), checksums: reader('hdfs') },
  { namespace: namespaceOf(onLake), files: createMemoryFileStore(), checksums: reader('lake', { files: 1, bytes: 5 }) },
];

describe('the file systems of a cluster', () => {
  it('are chosen by the namespace of a location', async () => {
    const files = routedFiles('right', stores);
    await files.makeDirectory(onHdfs);
    await files.makeDirectory(onLake);
    expect(await stores[0]?.files.status(onHdfs)).toBeDefined();
    expect(await stores[0]?.files.status(onLake)).toBeUndefined();
    expect(await stores[1]?.files.status(onLake)).toBeDefined();
    await files.remove(onLake);
    expect(await files.status(onLake)).toBeUndefined();
  });

  it('refuse a namespace that the cluster has not, and say which it has', async () => {
    const refused = routedFiles('right', stores).status(at('s3a://other/t'));
    await expect(refused).rejects.toMatchObject({
      code: 'FILE_NAMESPACE_UNKNOWN',
      message: expect.stringContaining('cluster right has hdfs://right:8020, s3a://lake, and not s3a://other'),
    });
  });

  it('give their checksums together', async () => {
    const bad = at('s3a://lake/t/bad');
    const { checksums, failures, reRead } = await routedChecksums('right', stores).checksums([onHdfs, onLake, bad]);
    expect([...checksums].map(([file, { value }]) => [file, value])).toEqual([
      [onHdfs, 'hdfs'],
      [onLake, 'lake'],
    ]);
    expect(failures).toEqual([{ location: bad, reason: 'lake' }]);
    expect(reRead).toEqual({ files: 1, bytes: 5 });
  });

  it('say nothing of reading back where nothing was', async () => {
    expect(await routedChecksums('right', stores).checksums([onHdfs])).not.toHaveProperty('reRead');
  });
});
