import type { Operation, Run } from '@hiveferry/contracts';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { startService } from './embedded-service.ts';
import type { Service } from './embedded-service.ts';
import { followRuns, hasEnded, runOf } from './follow-runs.ts';
import type { Following } from './follow-runs.ts';
import { exitCodeOf, failureLines, isFinal, remainderOf, tableLines } from './outcome.ts';
import type { RunOutcome } from './outcome.ts';
import { interruptions } from './interruptions.ts';
import { planRequests } from './plan-requests.ts';
import type { NamedRequest, PlannedRun } from './plan-requests.ts';
import { tablesOf } from './run-tables.ts';
import type { NamedRun, StateFolder } from './state-folder.ts';

/** What is executed, and by which clusters. */
export interface Execution {
  /** As `PUT /v1/clusters/{name}` takes them. */
  readonly clusters: readonly { readonly name: string }[];
  /** Values of the environment variables that the clusters refer to. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly state: StateFolder;
  /** Of all that was asked for: an approved plan goes on only for the same. */
  readonly fingerprint: string;
  /** What is planned anew; what an earlier command has approved goes on when there is none. */
  readonly requests: readonly NamedRequest[];
  /** Why a plan is not what was asked for, a line each; then nothing is executed. */
  readonly review: (plans: readonly PlannedRun[], service: Service) => Promise<readonly string[]>;
  /** Writes what came of each run, while the service can still be asked. */
  readonly report: (outcomes: readonly RunOutcome[], service: Service, exitCode: ExitCode) => Promise<void>;
}

/** Runs the requests through the service's own steps, in this process, and says what came of each table. */
export async function executeRequests(execution: Execution, terminal: Terminal): Promise<ExitCode> {
  const { clusters, secrets, state, requests } = execution;
  Object.assign(process.env, secrets);
  if (state.approved() === undefined) state.clear();
  terminal.err(`Starting the service that executes the plan; its state is kept in ${state.directory}`);
  const service = await startService(state.directory);
  const { signal, stop } = interruptions(terminal);
  try {
    for (const { name, ...cluster } of clusters) await service.put(`/v1/clusters/${name}`, cluster);
    const following = { service, signal, say: terminal.err };
    const runs = requests.length === 0 ? await goOn(state.approved()?.runs ?? [], following) : await begin(execution, following);
    if (runs === undefined) return EXIT_CODES.refused;
    return await finish(runs, execution, { ...following, terminal });
  } catch (error) {
    if (signal.aborted) return EXIT_CODES.interrupted;
    throw error;
  } finally {
    stop();
    await service.close();
    if (state.approved() === undefined) state.clear();
  }
}

/** Ends what an earlier command left, plans, has the plans reviewed and approves them. @returns undefined when they are refused */
async function begin({ state, fingerprint, requests, review }: Execution, following: Following): Promise<readonly NamedRun[] | undefined> {
  await endRuns(state.approved()?.runs ?? [], following);
  const plans = await planRequests(requests, following);
  const reasons = await review(plans, following.service);
  for (const reason of reasons) following.say(reason);
  if (reasons.length > 0) return undefined;
  const runs = plans.map(({ name, run }) => ({ name, runId: run.id }));
  state.approve({ fingerprint, runs });
  for (const named of runs) await approve(named, following.service);
  return runs;
}

/** Goes on where an earlier command was interrupted or left tables behind. */
async function goOn(runs: readonly NamedRun[], { service }: Following): Promise<readonly NamedRun[]> {
  for (const named of runs) {
    const run = await runOf(service, named);
    if (run.state === 'PLANNED') await approve(named, service);
    else if (run.state === 'INCOMPLETE') await service.post(`/v1/runs/${named.runId}:resume`);
  }
  return runs;
}

async function approve({ runId }: NamedRun, service: Service): Promise<void> {
  const { targets } = await service.get<Run>(`/v1/runs/${runId}`);
  const approvals = targets.flatMap(({ target, planHash }) => (planHash === undefined ? [] : [{ target, planHash }]));
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

async function finish(
  runs: readonly NamedRun[],
  { state, report }: Execution,
  following: Following & { readonly terminal: Terminal },
): Promise<ExitCode> {
  const { service, terminal } = following;
  const followed = await followRuns(runs, following);
  const outcomes: RunOutcome[] = [];
  for (const each of followed) outcomes.push({ ...each, tables: await tablesOf(service, each.runId) });
  const exitCode = exitCodeOf(outcomes);
  for (const line of [...tableLines(outcomes), ...failureLines(outcomes)]) terminal.out(line);
  await report(outcomes, service, exitCode);
  if (isFinal(outcomes)) state.settle();
  else terminal.out(remainderOf(outcomes));
  return exitCode;
}
