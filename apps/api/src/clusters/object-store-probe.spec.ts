import { describe, expect, it } from 'vitest';
import { createMemoryFileStore } from '@hiveferry/adapters/memory';
import { MigrationError, locate, parseLocation, parseNamespace } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import type { ClusterClient } from '@hiveferry/ports';
import { connectionOf } from '../../../../test/support/stores.ts';
import { fakeCluster } from '../../../../test/support/fake-cluster.ts';
import { probeObjectStores } from './object-store-probe.ts';

const lake = parseNamespace('s3a://lake');
const warehouse = parseLocation('s3a://lake/warehouse');
if (lake === undefined || warehouse === undefined) throw new Error('cannot be parsed');

const cluster = (changes: Partial<ClusterClient> = {}): ClusterClient & { readonly seen: Location[] } => {
  const fake = fakeCluster(connectionOf('right', 4), { databases: [] });
  const seen: Location[] = [];
  const files = createMemoryFileStore();
  const hadoopSees = async (location: Location): Promise<void> => {
    expect(await files.status(location)).toBeDefined();
    seen.push(location);
  };
  return { ...fake, files, objectStores: [lake], hadoopSees, seen, ...changes };
};

describe('the check of object stores', () => {
  it('makes a directory, lets Hadoop look, and removes it', async () => {
    const client = cluster();
    expect(await probeObjectStores(client, 7)).toContain('s3a://lake answers here and to the Hadoop command');
    expect(client.seen).toEqual(['s3a://lake/.hiveferry-check-7']);
    expect(await client.files.status(locate(lake, ['.hiveferry-check-7']))).toBeUndefined();
  });

  it('does so at the external warehouse where that is in the bucket', async () => {
    const { facts } = cluster();
    const client = cluster({ facts: { ...facts, externalWarehouse: warehouse } });
    await probeObjectStores(client, 7);
    expect(client.seen).toEqual(['s3a://lake/warehouse/.hiveferry-check-7']);
  });

  it('fails when Hadoop does not find it, and leaves nothing behind', async () => {
    const refusal = new MigrationError('HADOOP_CANNOT_REACH_STORE', 'no', { category: 'environment', retry: 'operator', subject: 'x' });
    const client = cluster({ hadoopSees: () => Promise.reject(refusal) });
    await expect(probeObjectStores(client, 7)).rejects.toBe(refusal);
    expect(await client.files.status(locate(lake, ['.hiveferry-check-7']))).toBeUndefined();
  });

  it('has nothing to do where none is registered', async () => {
    expect(await probeObjectStores(cluster({ objectStores: [] }), 7)).toBe('none is registered');
  });
});
