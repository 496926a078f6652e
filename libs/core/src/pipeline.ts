/**
 * The way of a table through the core, in order. Read this first.
 *
 *     inventory   what was read: a table with its partitions, its neighbours, both clusters' facts   (inventory/table-input.ts)
 *     translate   where it goes and what it becomes on the target                                    (translate/)
 *     plan        issues, statements, copy jobs, or a refusal with its reason                        (plan/, strategies/, hiveql/)
 *     tasks       the plan as steps that executors run                                               (tasks/)
 *     verify      what the target holds now against the plan and the source                          (verify/)
 *
 * Everything here is a pure function over plain data. Effects are in the adapters; the apps carry data between the two.
 */
export type { ClusterPair, DatabaseInput, Neighbour, TableInput } from './inventory/table-input.ts';
export { neighboursByTable } from './inventory/neighbours.ts';
export { planTable } from './plan/plan-table.ts';
export { planDatabase } from './plan/plan-database.ts';
export { copyRootsOf } from './plan/copy-roots.ts';
export type { CopyRoot } from './plan/copy-roots.ts';
export { planHash, tableHash } from './plan/hash.ts';
export type { Digest } from './plan/hash.ts';
export { databaseStepOf, stepsOf } from './tasks/steps.ts';
export { RUN_MOVES, STEP_MOVES, TABLE_MOVES, canMove } from './tasks/moves.ts';
export { isBelowAny, isHidden } from './inventory/hidden.ts';
export { MEASURING_SETTINGS, rowCountQuery } from './verify/row-count.ts';
export { verifyTable } from './verify/verify-table.ts';
export type { VerifyInput } from './verify/verify-table.ts';
export { artefactsOf } from './artefacts/artefacts.ts';
export type { Artefact, ArtefactInput } from './artefacts/artefact.ts';
export { HAZARDS, ISSUES, describeHazard, describeIssue } from './issues.ts';
export type { HazardCode, IssueCode } from './issues.ts';
export { destinationClashes, refusePlan } from './plan/destinations.ts';
export type { Destination } from './plan/destinations.ts';
export type { FindingCode } from './verify/findings.ts';
export type { DataStrategy, DistCpRole } from './strategies/strategy.ts';
export { FINDINGS, describeFinding } from './verify/findings.ts';
export { PREFLIGHT_DATABASE } from './plan/statements.ts';
export { AVAILABLE_STRATEGIES } from './strategies/registry.ts';
