import type { ClusterBody, PageQuery } from '@hiveferry/contracts';
import { Cluster, ClusterSpec, clusterConnectionOf } from '@hiveferry/contracts';
import { MigrationError, canonicalJson } from '@hiveferry/core';
import { RUN_STORE } from '@hiveferry/platform';
import type { ClusterRecord, Page, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../http/refusals.ts';

export interface Registration {
  readonly cluster: Cluster;
  /** False when the same was registered already. */
  readonly isNew: boolean;
}

/** The register of clusters: a name is registered once, replaced on purpose, and never silently. */
@Injectable()
export class ClusterService {
  private readonly store: RunStore;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  async register(spec: ClusterSpec): Promise<Registration> {
    const known = await this.store.cluster(spec.name);
    if (known === undefined) return { cluster: await this.put(spec), isNew: true };
    if (canonicalJson(known.spec) === canonicalJson(spec)) return { cluster: clusterOf(known), isNew: false };
    throw new MigrationError('CLUSTER_EXISTS', `Cluster ${spec.name} is registered (version ${known.version}) with other facts.`, {
      category: 'conflict',
      retry: 'never',
      subject: spec.name,
      detail: { advice: `To replace it: PUT /v1/clusters/${spec.name}` },
    });
  }

  async replace(name: string, body: ClusterBody): Promise<Registration> {
    const spec: ClusterSpec = { name, ...body };
    const known = await this.store.cluster(name);
    if (known !== undefined && canonicalJson(known.spec) === canonicalJson(spec)) return { cluster: clusterOf(known), isNew: false };
    return { cluster: await this.put(spec), isNew: known === undefined };
  }

  async get(name: string): Promise<Cluster> {
    return clusterOf(await this.record(name));
  }

  async record(name: string): Promise<ClusterRecord> {
    const record = await this.store.cluster(name);
    if (record === undefined) throw notFound('cluster', name);
    return record;
  }

  async list(page: PageQuery): Promise<Page<Cluster>> {
    const found = await this.store.clusters(page);
    return { ...found, items: found.items.map(clusterOf) };
  }

  async remove(name: string): Promise<void> {
    if (!(await this.store.removeCluster(name))) throw notFound('cluster', name);
  }

  private async put(spec: ClusterSpec): Promise<Cluster> {
    return clusterOf(await this.store.putCluster(spec.name, clusterConnectionOf(spec), spec));
  }
}

function clusterOf({ name, version, spec, createdAt, updatedAt }: ClusterRecord): Cluster {
  return { name, version, spec: ClusterSpec.parse(spec), createdAt, updatedAt };
}
