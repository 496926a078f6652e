import { RUN_STORE } from '@hiveferry/platform';
import type { RunEvent, RunRecord, RunStore } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Signal } from './signal.ts';

const BATCH = 500;
const HEARTBEAT_MS = 15_000;
const ENDED = new Set<RunRecord['state']>(['SUCCEEDED', 'INCOMPLETE', 'FAILED', 'CANCELLED']);

/** Server-sent events of runs. One listener at the store wakes whoever watches that run; nobody polls. */
@Injectable()
export class EventStreamService implements OnModuleInit, OnModuleDestroy {
  private readonly store: RunStore;
  private readonly watchers = new Map<string, Set<Signal>>();
  private readonly stopping = new AbortController();
  private stopListening: () => void = () => undefined;

  constructor(@Inject(RUN_STORE) store: RunStore) {
    this.store = store;
  }

  onModuleInit(): void {
    this.stopListening = this.store.onEvents((runId) => this.watchers.get(runId)?.forEach((watcher) => watcher.raise()));
  }

  onModuleDestroy(): void {
    this.stopListening();
    this.stopping.abort();
    for (const watchers of this.watchers.values()) watchers.forEach((watcher) => watcher.raise());
  }

  /** True when the run has ended and the reader has all of it: it must not come back. */
  async isOver(runId: string, after: string): Promise<boolean> {
    const run = await this.store.run(runId);
    return run !== undefined && ENDED.has(run.state) && (await this.store.events(runId, after, 1)).length === 0;
  }

  /** Frames after a sequence, then as they happen, until the run has ended; a comment now and then shows that the line is alive. */
  async *frames(runId: string, after: string): AsyncGenerator<string> {
    const signal = this.watch(runId);
    let sequence = after;
    let state = 'UNKNOWN';
    try {
      yield ': events of run ' + runId + '\n\n';
      while (!this.stopping.signal.aborted) {
        // Asked before the events are read: what was written before the end is then among them.
        const run = await this.store.run(runId);
        state = run?.state ?? state;
        const events = await this.store.events(runId, sequence, BATCH);
        for (const event of events) yield frameOf(event);
        sequence = events.at(-1)?.sequence ?? sequence;
        if (events.length === BATCH) continue;
        if (run === undefined || ENDED.has(run.state)) break;
        if (!(await signal.wait(HEARTBEAT_MS))) yield ': still here\n\n';
      }
      if (!this.stopping.signal.aborted) yield endFrame(sequence, state);
    } finally {
      this.unwatch(runId, signal);
    }
  }

  private watch(runId: string): Signal {
    const signal = new Signal();
    this.watchers.set(runId, (this.watchers.get(runId) ?? new Set()).add(signal));
    return signal;
  }

  private unwatch(runId: string, signal: Signal): void {
    const watchers = this.watchers.get(runId);
    watchers?.delete(signal);
    if (watchers?.size === 0) this.watchers.delete(runId);
  }
}

const frameOf = ({ sequence, type, ...rest }: RunEvent): string =>
  `id: ${sequence}\nevent: ${type}\ndata: ${JSON.stringify({ sequence, type, ...rest })}\n\n`;

const endFrame = (sequence: string, state: string): string =>
  `id: ${sequence}\nevent: end\ndata: ${JSON.stringify({ type: 'end', state })}\n\n`;
