import type { ClusterClient, ClusterRecord } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { ClusterClients } from './cluster-clients.ts';

const registered = (host: string, version: number, createdAt: string): ClusterRecord =>
  // Only what makes a client.
  ({ name: 'right', connection: { metastore: { host } }, version, createdAt }) as unknown as ClusterRecord;

/** Clients that say where they lead, and the record that is found. */
function aRegistry(first: ClusterRecord) {
  const found = { record: first };
  const connect = ({ metastore }: { readonly metastore?: { readonly host: string } }) =>
    ({ host: metastore?.host, close: () => Promise.resolve() }) as unknown as ClusterClient;
  const clients = new ClusterClients({ connect }, () => Promise.resolve(found.record));
  return { found, host: async () => (await clients.get('right')) as unknown as { readonly host: string } };
}

it('leads to the cluster that is registered now, also when it was removed and registered again', async () => {
  const { found, host } = aRegistry(registered('old', 1, '2026-11-21T08:00:00.000Z'));
  expect(await host()).toMatchObject({ host: 'old' });
  found.record = registered('new', 1, '2026-11-21T09:00:00.000Z');
  expect(await host()).toMatchObject({ host: 'new' });
  found.record = registered('newer', 2, '2026-11-21T09:00:00.000Z');
  expect(await host()).toMatchObject({ host: 'newer' });
});

it('does not go back to what a slow reader found', async () => {
  const { found, host } = aRegistry(registered('new', 2, '2026-11-21T08:00:00.000Z'));
  await host();
  found.record = registered('old', 1, '2026-11-21T08:00:00.000Z');
  expect(await host()).toMatchObject({ host: 'new' });
});
