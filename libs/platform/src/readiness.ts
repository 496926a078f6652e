import type { Outbox, RunStore } from '@hiveferry/ports';

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly detail?: string;
}

/** What probes are told. Messages that wait for their topic are a matter of one cluster: they are told of, and the process serves. */
export async function readinessOf(store: RunStore, outbox: Outbox): Promise<Readiness> {
  try {
    await store.clusters({ pageSize: 1 });
    const held = await outbox.heldTopics();
    return held.length === 0 ? { status: 'ok' } : { status: 'ok', detail: held.map(({ failure }) => failure.message).join(' ') };
  } catch {
    return { status: 'unavailable', detail: 'The database does not answer.' };
  }
}
