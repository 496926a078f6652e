import type { ExitCode } from '../../../../../libs/contracts/src/exit-codes.ts';
import { EXIT_CODES } from '../../../../../libs/contracts/src/exit-codes.ts';
import { executeRequests } from '../../execute/execute-requests.ts';
import type { Execution } from '../../execute/execute-requests.ts';
import { fingerprintOf, openStateFolder } from '../../execute/state-folder.ts';
import type { StateFolder } from '../../execute/state-folder.ts';
import type { Terminal } from '../../terminal.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { MirrorSide } from '../live/mirror-sides.ts';
import { readSideFacts } from '../live/record-data-set.ts';
import type { Planned } from '../prepare-run.ts';
import { executionBasisOf } from './execution-basis.ts';
import type { ExecutionBasis } from './execution-basis.ts';
import { asksForNothing, migrationRequestOf } from './migration-request.ts';
import { writeOutcomes } from './mirror-reports.ts';
import type { PlannedDatabase } from './planned-tables.ts';
import { reviewPlans } from './review-plans.ts';

export interface LiveExecution {
  readonly configuration: HmsMirrorConfiguration;
  readonly sides: readonly MirrorSide[];
  /** Where plan and reports are written. */
  readonly directory: string;
  /** Reads both clusters and writes the plan. */
  readonly plan: () => Promise<Planned>;
  readonly refuse: (reasons: readonly string[]) => ExitCode;
}

/** Plans and executes, or goes on with what an earlier command with the same options has approved. */
export async function executeLive({ configuration, sides, directory, plan, refuse }: LiveExecution, terminal: Terminal): Promise<ExitCode> {
  const basis = executionBasisOf({ configuration, sides, facts: await readSideFacts(sides) });
  if (basis.kind === 'impossible') return refuse(basis.reasons);
  const say = configuration.quiet ? () => undefined : terminal.err;
  for (const notice of basis.notices) say(notice);
  const state = openStateFolder(directory);
  const fingerprint = fingerprintOf(configuration);
  const common = { basis, state, fingerprint, directory, say };
  if (goesOn(configuration, state, fingerprint)) {
    say('Going on with what an earlier command has planned and not finished; its plan is in the same folder.');
    return await executeRequests(executionOf({ ...common, databases: [] }), terminal);
  }
  const { exitCode, databases: planned } = await plan();
  if (exitCode === EXIT_CODES.refused) return exitCode;
  for (const line of droppedLines(planned)) say(line);
  const [idle, databases] = partitioned(planned, (database) => asksForNothing(database, configuration));
  for (const { name } of idle) say(`${name}: no table of it is to be moved; -e does nothing with it`);
  // Without any request an earlier command would be gone on with.
  if (idle.length > 0 && databases.length === 0) return exitCode;
  const executed = await executeRequests(executionOf({ ...common, databases }), terminal);
  return executed === EXIT_CODES.done ? exitCode : executed;
}

function partitioned<T>(items: readonly T[], holds: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}

/** A sync looks at both sides anew each time; what is no sync would refuse the tables that it has made itself. */
function goesOn({ sync }: HmsMirrorConfiguration, state: StateFolder, fingerprint: string): boolean {
  return !sync && state.approved()?.fingerprint === fingerprint;
}

interface ToExecute {
  readonly basis: ExecutionBasis;
  readonly state: StateFolder;
  readonly fingerprint: string;
  readonly directory: string;
  readonly databases: readonly PlannedDatabase[];
  readonly say: (line: string) => void;
}

function executionOf({ basis, state, fingerprint, directory, databases, say }: ToExecute): Execution {
  return {
    clusters: basis.registrations.map(({ cluster }) => cluster),
    secrets: Object.assign({}, ...basis.registrations.map(({ secrets }) => secrets)) as Readonly<Record<string, string>>,
    state,
    fingerprint,
    requests: databases.map((database) => migrationRequestOf(database, basis)),
    say,
    review: async (plans, service) => {
      const { refusals, notices } = await reviewPlans(databases, plans, { service, defaultDirectory: basis.defaultDirectory });
      for (const notice of notices) say(notice);
      return refusals;
    },
    report: async (outcomes, service, exitCode) => await writeOutcomes(directory, outcomes, { service, exitCode }),
  };
}

function droppedLines(databases: readonly PlannedDatabase[]): readonly string[] {
  return databases.flatMap(({ name, dropped }) =>
    dropped.map(
      (table) =>
        `${name}.${table} is only on RIGHT: -e drops no table; the statement is in ${name}_RIGHT_execute.sql, for a person to run; ferry plan -e drops what a sync with vanished.drop has kept before`,
    ),
  );
}
