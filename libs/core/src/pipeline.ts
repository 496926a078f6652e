/**
 * The way of a table through the core, in order. Read this first.
 *
 *     inventory   what was read: a table with its partitions, its neighbours, both clusters' facts   (inventory/table-input.ts)
 *     translate   where it goes and what it becomes on the target                                    (translate/)
 *     plan        issues, statements, copy jobs, or a refusal with its reason                        (plan/, strategies/, hiveql/)
 *     tasks       the plan as steps that executors run                                               (tasks/)
 *     verify      what the target holds now against the plan and the source                          (compare/, verify/)
 *
 * Everything here is a pure function over plain data. Effects are in the adapters; the apps carry data between the two.
 */
import { sourceDdl } from './hiveql/source-ddl.ts';
import { targetDatabase } from './inventory/table-input.ts';
import type { TableInput } from './inventory/table-input.ts';
import { isRefusal, issue } from './issues.ts';
import type { Issue } from './model/issue.ts';
import type { TablePlan } from './model/plan.ts';
import { displayName } from './model/table.ts';
import { AVAILABLE_STRATEGIES, strategyNamed } from './strategies/registry.ts';
import type { StrategyChoice } from './strategies/strategy.ts';
import { mapTable } from './translate/map-table.ts';
import type { MappedTable } from './translate/map-table.ts';
import { translateTable, translateView } from './translate/translate-table.ts';
import type { TableMove } from './translate/translate-table.ts';
import { tablesOfView } from './translate/view-tables.ts';
import { planConvertedTable, unlessKept } from './plan/converted-table.ts';
import { planCopies } from './plan/copy-jobs.ts';
import { refusePlan } from './plan/destinations.ts';
import { copySizes } from './plan/copy-sizes.ts';
import { withDiscovery } from './plan/discovery.ts';
import { planDescribedTable } from './plan/described-table.ts';
import { foreignTables } from './plan/foreign-tables.ts';
import { planExportedTable } from './plan/exported-table.ts';
import { planInsertedTable } from './plan/inserted-table.ts';
import { planRelocation } from './plan/relocated-table.ts';
import { planSharedTable } from './plan/shared-table.ts';
import { tableStatements, viewStatements } from './plan/statements.ts';
import { synchronised } from './plan/synchronise.ts';
import { targetState } from './plan/target-state.ts';

export type { ClusterPair, DatabaseInput, Neighbour, TableInput } from './inventory/table-input.ts';
export { neighboursByTable } from './inventory/neighbours.ts';
export { planDatabase } from './plan/plan-database.ts';
export {
  TRANSFER_DATABASE,
  attemptName,
  attemptTables,
  insertStatements,
  isOfAttempt,
  publishStatements,
  stemOf,
  transferDatabaseStatements,
  transferStatements,
  workingTable,
} from './plan/row-attempts.ts';
export { exportOfAttempt, exportStatements, exportsOfStep, importStatements } from './plan/export-attempts.ts';
export { abortTransactions, dropTable, showLocks } from './hiveql/statements.ts';
export type { AttemptTables } from './plan/row-attempts.ts';
export { dropForbidden } from './plan/synchronise.ts';
export { differingPartitions } from './compare/compare-partitions.ts';
export { insertSettings } from './plan/insert-settings.ts';
export { openRelocation } from './plan/open-relocation.ts';
export type { OpenRelocation } from './plan/open-relocation.ts';
export { compareFiles } from './verify/compare-files.ts';
export { copyRootsOf } from './plan/copy-roots.ts';
export type { CopyRoot } from './plan/copy-roots.ts';
export { planHash, tableHash } from './plan/hash.ts';
export type { Digest } from './plan/hash.ts';
export { databaseStepOf, stepsOf } from './tasks/steps.ts';
export { withPositions } from './tasks/step-positions.ts';
export { RUN_MOVES, STEP_MOVES, TABLE_MOVES, canMove } from './tasks/moves.ts';
export { isBelowAny, isHidden } from './inventory/hidden.ts';
export { MEASURING_SETTINGS, rowCountQuery } from './verify/row-count.ts';
export { verifyTable } from './verify/verify-table.ts';
export type { VerifyInput } from './verify/verify-table.ts';
export type { SourceNow } from './verify/compare-source.ts';
export { artefactsOf } from './artefacts/artefacts.ts';
export type { Artefact, ArtefactInput } from './artefacts/artefact.ts';
export { HAZARDS, ISSUES, describeHazard, describeIssue, issue } from './issues.ts';
export type { HazardCode, IssueCode } from './issues.ts';
export { destinationClashes, refusePlan } from './plan/destinations.ts';
export { refuseUnknownStores } from './plan/unknown-stores.ts';
export { placesOf, refuseOccupied } from './plan/occupied-destinations.ts';
export type { Destination } from './plan/destinations.ts';
export type { FindingCode } from './compare/findings.ts';
export type { DataStrategy, DistCpRole } from './strategies/strategy.ts';
export { FINDINGS, describeFinding } from './compare/findings.ts';
export { PREFLIGHT_DATABASE, preflightPlace } from './plan/statements.ts';
export { AVAILABLE_STRATEGIES, STRATEGIES, isExecutable } from './strategies/registry.ts';

/**
 * Plans one table or view: what it becomes on the target and how its data gets there, or why it is refused.
 *
 * First what the strategy does not take, then where the table goes, then what stands in the way there, then everything to be done.
 */
export function planTable(input: TableInput): TablePlan {
  const choice = strategyNamed(input.settings.strategy).service?.choose?.(input);
  return choice === undefined ? withDiscovery(planObject(input), input) : planChosen(input, choice);
}

function planChosen(input: TableInput, { strategy, reason, issues }: StrategyChoice): TablePlan {
  const plan = planTable({ ...input, settings: { ...input.settings, strategy } });
  const chosen = { ...plan, decisions: [{ rule: 'strategy-chosen', reason: `${strategy}: ${reason}` }, ...plan.decisions] };
  return issues.reduce(refusePlan, chosen);
}

function planObject(input: TableInput): TablePlan {
  const { service } = strategyNamed(input.settings.strategy);
  const issues = service === undefined ? [notAvailable(input)] : service.accepts(input);
  const plan = { ...emptyPlan(input), issues };
  if (service === undefined || issues.some(isRefusal)) return plan;
  if (service.files === 'described') return planDescribedTable(plan, input);
  if (service.files === 'relocated') return planRelocation(plan, input);
  if (input.source.table.tableType === 'VIRTUAL_VIEW')
    return service.files === 'converted'
      ? unlessKept(planView(plan, { ...input, settings: { ...input.settings, onExisting: 'sync' } }))
      : planView(plan, input);
  switch (service.files) {
    case 'copied':
      return planCopiedTable(plan, input);
    case 'shared':
      return planSharedTable(plan, input);
    case 'converted':
      return planConvertedTable(plan, input);
    case 'inserted':
      return planInsertedTable(plan, input);
    case 'exported':
      return planExportedTable(plan, input);
  }
}

function notAvailable(input: TableInput): Issue {
  return issue('STRATEGY_NOT_AVAILABLE', subjectOf(input), { strategy: input.settings.strategy, available: AVAILABLE_STRATEGIES });
}

function planView(accepted: TablePlan, input: TableInput): TablePlan {
  const { issues, hazards } = targetState(input, undefined, 'left');
  const { table, decisions } = translateView(input);
  const plan = { ...accepted, issues: [...accepted.issues, ...issues], hazards };
  if (issues.some(isRefusal)) return plan;
  const planned: TablePlan = {
    ...plan,
    decision: 'MIGRATE',
    expected: table,
    statements: viewStatements(table),
    dependsOn: tablesOfView(table.viewExpandedText ?? ''),
    decisions,
  };
  return synchronised(planned, input);
}

function planCopiedTable(accepted: TablePlan, input: TableInput): TablePlan {
  const mapped = mapTable(input);
  const plan = { ...accepted, mappings: mapped.mappings, issues: [...accepted.issues, ...mapped.issues] };
  if (mapped.move === undefined || plan.issues.some(isRefusal)) return plan;
  return planMove(plan, input, { ...mapped, move: mapped.move });
}

/** The table can go: checks the target and the copy, then says everything to be done. */
function planMove(plan: TablePlan, input: TableInput, mapped: MappedTable & { readonly move: TableMove }): TablePlan {
  const { move, partitions } = mapped;
  const subject = subjectOf(input);
  const state = targetState(input, move.to, input.settings.copiedBy === undefined ? 'written' : 'left');
  const foreign = foreignTables(subject, { from: move.from, neighbours: input.neighbours, partitions });
  const copies = planCopies({ subject, move, partitions, foreign: foreign.excluded });
  const issues = [...plan.issues, ...state.issues, ...foreign.issues, ...copies.issues];
  if (issues.some(isRefusal)) return { ...plan, issues, hazards: state.hazards };
  const { table, decisions } = translateTable(input, move);
  const sizes = copySizes(copies.jobs, input.source, partitions);
  const planned: TablePlan = {
    ...plan,
    decision: 'MIGRATE',
    expected: table,
    ...(table.owner === undefined ? {} : { expectedOwner: table.owner }),
    partitions,
    statements: tableStatements(table, input.clusters.target.namespace),
    copyJobs: copies.jobs,
    ...(Object.keys(sizes).length === 0 ? {} : { copySizes: sizes }),
    ...copying(input.settings),
    issues,
    hazards: state.hazards,
    decisions,
  };
  return synchronised(planned, input);
}

/** Who copies, where that is not the target's executor. */
function copying({ copiedBy, distcp }: TableInput['settings']): Pick<TablePlan, 'copiedBy' | 'copySide'> {
  if (copiedBy !== undefined) return { copiedBy };
  return distcp.flow === 'PUSH' ? { copySide: 'source' } : {};
}

function emptyPlan({ source: { table }, settings }: TableInput): TablePlan {
  return {
    source: { database: table.database, table: table.name },
    target: { database: targetDatabase(table.database, settings), table: table.name },
    strategy: settings.strategy,
    decision: 'REFUSED',
    object: table.tableType === 'VIRTUAL_VIEW' || table.tableType === 'MATERIALIZED_VIEW' ? 'view' : 'table',
    proof: settings.proof,
    partitions: [],
    statements: [],
    copyJobs: [],
    mappings: [],
    dependsOn: [],
    issues: [],
    hazards: [],
    decisions: [],
    sourceDdl: sourceDdl(table),
  };
}

function subjectOf({ source: { table } }: TableInput): string {
  return displayName({ database: table.database, table: table.name });
}
