import { below, isWithin, locate } from '@hiveferry/core';
import type { Location, Namespace } from '@hiveferry/core';
import type { ClusterClient } from '@hiveferry/ports';

/**
 * Makes and removes a directory in each bucket, and lets the Hadoop command look for it meanwhile: service and DistCp have keys and
 * endpoints of their own, and must reach the same bucket. The directory is at the external warehouse where that is in the bucket, so
 * that rights on the warehouse are enough.
 */
export async function probeObjectStores(client: ClusterClient, id: number): Promise<string> {
  if (client.objectStores.length === 0) return 'none is registered';
  const found = await Promise.all(client.objectStores.map((bucket) => probeBucket(client, bucket, id)));
  return found.join('; ');
}

async function probeBucket(client: ClusterClient, bucket: Namespace, id: number): Promise<string> {
  const probe = below(placeIn(client, bucket), [`.hiveferry-check-${id}`]);
  await client.files.makeDirectory(probe);
  try {
    await client.hadoopSees(probe);
  } finally {
    await client.files.remove(probe);
  }
  return `${bucket} answers here and to the Hadoop command; ${probe} was made and removed`;
}

function placeIn({ facts }: ClusterClient, bucket: Namespace): Location {
  const root = locate(bucket, []);
  return isWithin(facts.externalWarehouse, root) ? facts.externalWarehouse : root;
}
