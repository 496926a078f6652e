import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { begin, goOn } from './begin-runs.ts';
import type { Asked } from './begin-runs.ts';
import { startService } from './embedded-service.ts';
import type { Service } from './embedded-service.ts';
import { followRuns } from './follow-runs.ts';
import type { Following } from './follow-runs.ts';
import { exitCodeOf, failureLines, isFinal, remainderOf, tableLines } from './outcome.ts';
import type { RunOutcome } from './outcome.ts';
import { interruptions } from './interruptions.ts';
import { tablesOf } from './run-tables.ts';
import type { NamedRun } from './state-folder.ts';

/** What is executed, and by which clusters. */
export interface Execution extends Asked {
  /** As `PUT /v1/clusters/{name}` takes them. */
  readonly clusters: readonly { readonly name: string }[];
  /** Values of the environment variables that the clusters refer to. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What is done, while it is done. @default to the terminal */
  readonly say?: (line: string) => void;
  /** Writes what came of each run, while the service can still be asked. */
  readonly report: (outcomes: readonly RunOutcome[], service: Service, exitCode: ExitCode) => Promise<void>;
}

/** Runs the requests through the service's own steps, in this process, and says what came of each table. */
export async function executeRequests(execution: Execution, terminal: Terminal): Promise<ExitCode> {
  const { clusters, secrets, state, requests, say = terminal.err } = execution;
  Object.assign(process.env, secrets);
  if (state.approved() === undefined) state.clear();
  say(`Starting the service that executes the plan; its state is kept in ${state.directory}`);
  const service = await startService(state.directory);
  const { signal, stop } = interruptions(terminal);
  try {
    for (const { name, ...cluster } of clusters) await service.put(`/v1/clusters/${name}`, cluster);
    const following = { service, signal, say };
    const runs = requests.length === 0 ? await goOn(state.approved()?.runs ?? [], following) : await begin(execution, following, terminal);
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
