import { setTimeout as wait } from 'node:timers/promises';
import type { Operation, Run } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { hasEnded, runOf } from './follow-runs.ts';
import type { Following } from './follow-runs.ts';
import type { NamedRun } from './state-folder.ts';

/** A request as `POST /v1/migrations` takes it, and what people call it. */
export interface NamedRequest {
  readonly name: string;
  readonly body: object;
}

/** A run that has a plan on each target, and may be executed. */
export interface PlannedRun extends NamedRun {
  readonly run: Run;
}

const LOOK_EVERY_MS = 300;

/** Plans all requests, and executes none. Faults: PLAN_FAILED. */
export async function planRequests(requests: readonly NamedRequest[], following: Following): Promise<readonly PlannedRun[]> {
  const runs: NamedRun[] = [];
  for (const { name, body } of requests) {
    const { runId } = await following.service.post<Operation>('/v1/migrations', { ...body, execute: false });
    runs.push({ name, runId });
  }
  const planned: PlannedRun[] = [];
  for (const named of runs) planned.push({ ...named, run: await untilPlanned(named, following) });
  return planned;
}

async function untilPlanned(named: NamedRun, { service, signal }: Following): Promise<Run> {
  for (;;) {
    const run = await runOf(service, named);
    const failure = run.failure ?? run.targets.find(({ state }) => state === 'FAILED')?.failure;
    if (run.state === 'PLANNED' && failure === undefined) return run;
    if (hasEnded(run) || run.state === 'PLANNED') throw notPlanned(named, run, failure);
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}

function notPlanned({ name }: NamedRun, { state }: Run, failure: Run['failure']): MigrationError {
  const reason = failure === undefined ? `its run is ${state}` : `${failure.code}: ${failure.message}`;
  return new MigrationError('PLAN_FAILED', `${name} cannot be planned; nothing was executed. ${reason}`, {
    category: 'environment',
    retry: 'operator',
    subject: name,
  });
}
