import { MigrationError } from '@hiveferry/core';
import type { ClusterClient, ClusterGateway, ClusterRecord } from '@hiveferry/ports';

interface Entry {
  readonly registered: Pick<ClusterRecord, 'version' | 'createdAt'>;
  readonly client: ClusterClient;
}

/** Clients of registered clusters by name, connected once and shared; a cluster that was registered anew gets a new client. */
export class ClusterClients {
  readonly #gateway: ClusterGateway;
  readonly #find: (name: string) => Promise<ClusterRecord | undefined>;
  readonly #open = new Map<string, Entry>();

  constructor(gateway: ClusterGateway, find: (name: string) => Promise<ClusterRecord | undefined>) {
    this.#gateway = gateway;
    this.#find = find;
  }

  /** Fault CLUSTER_NOT_FOUND when no cluster is registered under the name. */
  async get(name: string): Promise<ClusterClient> {
    const record = await this.#find(name);
    if (record === undefined) throw notRegistered(name);
    const open = this.#open.get(name);
    if (open !== undefined && !isNewer(record, open.registered)) return open.client;
    const client = this.#gateway.connect(record.connection);
    this.#open.set(name, { registered: record, client });
    // The old client may be in use by a step: it ends with that step's next call. One whose servers hang is not waited for.
    void open?.client.close().catch(() => undefined);
    return client;
  }

  async close(): Promise<void> {
    const clients = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(clients.map(({ client }) => client.close()));
  }
}

/** Versions of a cluster that was removed and registered again count from 1. */
function isNewer(record: Entry['registered'], open: Entry['registered']): boolean {
  return record.createdAt === open.createdAt ? record.version > open.version : record.createdAt > open.createdAt;
}

function notRegistered(name: string): MigrationError {
  return new MigrationError('CLUSTER_NOT_FOUND', `cluster ${name} is not registered: register it, then resume the run`, {
    category: 'request',
    retry: 'operator',
    subject: name,
  });
}
