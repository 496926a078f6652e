import type { Operation, Run } from '@hiveferry/contracts';
import type { Service } from './embedded-service.ts';
import { followRuns, hasEnded, runOf } from './follow-runs.ts';
import type { Following } from './follow-runs.ts';
import { planRequests } from './plan-requests.ts';
import type { NamedRequest, PlannedRun } from './plan-requests.ts';
import type { NamedRun, StateFolder } from './state-folder.ts';
import type { Terminal } from '../terminal.ts';

/** What is planned anew. */
export interface Asked {
  readonly state: StateFolder;
  /** Of all that was asked for: an approved plan goes on only for the same. */
  readonly fingerprint: string;
  /** What an earlier command has approved goes on when there is none. */
  readonly requests: readonly NamedRequest[];
  /** Why a plan is not what was asked for, a line each; then nothing is executed. */
  readonly review: (plans: readonly PlannedRun[], service: Service) => Promise<readonly string[]>;
}

/** Ends what an earlier command left, plans, has the plans reviewed and approves them. @returns undefined when they are refused */
export async function begin(
  { state, fingerprint, requests, review }: Asked,
  following: Following,
  terminal: Pick<Terminal, 'err'>,
): Promise<readonly NamedRun[] | undefined> {
  await endRuns(state.approved()?.runs ?? [], following);
  // They have ended: nobody goes on with them, though the new plans be refused.
  state.settle();
  const plans = await planRequests(requests, following);
  const reasons = await review(plans, following.service);
  for (const reason of reasons) terminal.err(reason);
  if (reasons.length > 0) return undefined;
  const runs = plans.map(({ name, run }) => ({ name, runId: run.id, planHashes: planHashesOf(run) }));
  state.approve({ fingerprint, runs });
  for (const named of runs) await approve(named, following.service);
  return runs;
}

/** Goes on where an earlier command was interrupted or left tables behind. */
export async function goOn(runs: readonly NamedRun[], { service }: Following): Promise<readonly NamedRun[]> {
  for (const named of runs) {
    const run = await runOf(service, named);
    if (run.state === 'PLANNED') await approve(named, service);
    else if (run.state === 'INCOMPLETE') await service.post(`/v1/runs/${named.runId}:resume`);
  }
  return runs;
}

/** By target. */
export function planHashesOf({ targets }: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(targets.flatMap(({ target, planHash }) => (planHash === undefined ? [] : [[target, planHash] as const])));
}

async function approve({ runId }: NamedRun, service: Service): Promise<void> {
  const planHashes = planHashesOf(await service.get<Run>(`/v1/runs/${runId}`));
  const approvals = Object.entries(planHashes).map(([target, planHash]) => ({ target, planHash }));
  await service.post(`/v1/runs/${runId}:execute`, { approvals });
}

/** What runs is ended in order: two copies of one place must not run at a time. */
async function endRuns(runs: readonly NamedRun[], { service, signal, say }: Following): Promise<void> {
  for (const named of runs) {
    if (hasEnded(await runOf(service, named))) continue;
    say(`${named.name}: what an earlier command left unfinished is ended, and planned anew.`);
    await service.post<Operation>(`/v1/runs/${named.runId}:cancel`);
    await followRuns([named], { service, signal, say: () => undefined });
  }
}
