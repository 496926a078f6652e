export type {
  Column,
  Database,
  Owner,
  OwnerType,
  Parameters,
  Partition,
  SerDeInfo,
  SkewedInfo,
  SortColumn,
  StorageDescriptor,
  Table,
  TableName,
  TableType,
  TableWithPartitions,
} from './model/table.ts';
export { OWNER_TYPES, TABLE_TYPES, displayName } from './model/table.ts';
export type { Location, LocationParts, Namespace } from './model/location.ts';
export {
  below,
  isWithin,
  lastSegment,
  locate,
  namespaceOf,
  parseLocation,
  parseNamespace,
  partsOf,
  pathOf,
  relativeTo,
} from './model/location.ts';
export type { ClusterFacts } from './model/cluster.ts';
export type { Hazard, Issue } from './model/issue.ts';
export type {
  CopyJob,
  DatabasePlan,
  Decision,
  ListCopyJob,
  LocationMapping,
  PairCopyJob,
  PlannedPartition,
  VanishedObject,
  PlannedStatement,
  StatementPurpose,
  TablePlan,
} from './model/plan.ts';
export type {
  DataFlow,
  DataStrategyName,
  LinkOptions,
  LocationRule,
  HybridLimits,
  PartitionDiscovery,
  PlanSettings,
  VanishedLimits,
  ProofLevel,
} from './model/plan-settings.ts';
export type { HeldTable, ExportMove, InsertMove, RowMove } from './model/row-move.ts';
export { STATEMENT_PURPOSES } from './model/plan.ts';
export { DATA_FLOWS, DATA_STRATEGIES, PROOF_LEVELS } from './model/plan-settings.ts';
export type {
  OutlivingStepKind,
  PlannedStep,
  RunState,
  RunTargetState,
  StepKind,
  StepPayload,
  StepState,
  TableState,
} from './model/task.ts';
export { runTargetState } from './tasks/run-target-state.ts';
export { RUN_STATES, RUN_TARGET_STATES, STEP_KINDS, STEP_STATES, TABLE_STATES, outlivesItsExecutor } from './model/task.ts';
export type { Evidence, FileChecksum, FileFact, Finding, Measurement, ReRead } from './model/evidence.ts';
export type { FaultCategory, FaultFacts, Retry } from './faults.ts';
export { FAULT_CATEGORIES, MigrationError, RETRIES } from './faults.ts';
export type { DistCpPrintOptions } from './distcp/arguments.ts';
export { distcpArguments, escapeGlob, isHdfs, isObjectStore, listLines } from './distcp/arguments.ts';
export { PRESERVED, preserveRefusal, propertyRefusal } from './distcp/link-options.ts';
export { filterLines, isFilteredOut, isHiddenName, pathFilter } from './distcp/filters.ts';
export type { CopyEffect, CopyRefusal, CopyWorld, LandedFile, TreeEntry } from './distcp/effect.ts';
export { COPY_REFUSALS, effectOf } from './distcp/effect.ts';
export type { Comparability } from './distcp/comparability.ts';
export { COMPARISONS, comparability } from './distcp/comparability.ts';
export { checkCopyJob } from './distcp/check-copy-job.ts';
export type { DistCpCause } from './distcp/distcp-causes.ts';
export { distCpFailure } from './distcp/distcp-causes.ts';
export type { DistCpCounts, DistCpReport } from './distcp/distcp-output.ts';
export { parseDistCpOutput, progressOf } from './distcp/distcp-output.ts';
export type {
  Artefact,
  ArtefactInput,
  ClusterPair,
  CopyRoot,
  DataStrategy,
  DatabaseInput,
  Destination,
  Digest,
  AttemptTables,
  DistCpRole,
  FindingCode,
  HazardCode,
  IssueCode,
  Neighbour,
  OpenRelocation,
  TableInput,
  SourceNow,
  VerifyInput,
} from './pipeline.ts';
export {
  AVAILABLE_STRATEGIES,
  STRATEGIES,
  isExecutable,
  FINDINGS,
  HAZARDS,
  ISSUES,
  MEASURING_SETTINGS,
  PREFLIGHT_DATABASE,
  TRANSFER_DATABASE,
  RUN_MOVES,
  STEP_MOVES,
  TABLE_MOVES,
  artefactsOf,
  attemptName,
  attemptTables,
  canMove,
  compareFiles,
  copyRootsOf,
  databaseStepOf,
  describeFinding,
  describeHazard,
  describeIssue,
  differingPartitions,
  dropForbidden,
  abortTransactions,
  dropTable,
  showLocks,
  insertSettings,
  insertStatements,
  isOfAttempt,
  issue,
  destinationClashes,
  isBelowAny,
  isHidden,
  neighboursByTable,
  planDatabase,
  planHash,
  exportOfAttempt,
  exportStatements,
  exportsOfStep,
  importStatements,
  workingTable,
  openRelocation,
  planTable,
  publishStatements,
  placesOf,
  preflightPlace,
  refusePlan,
  refuseUnknownStores,
  refuseOccupied,
  rowCountQuery,
  stemOf,
  stepsOf,
  tableHash,
  transferDatabaseStatements,
  transferStatements,
  verifyTable,
  withPositions,
} from './pipeline.ts';
export { ownsItsFiles } from './inventory/table-kind.ts';
export { isMarked, planVanishedTable, refuseTooMany, vanishedDropForbidden } from './plan/vanished-tables.ts';
export { DEFAULT_PARTITION, escapePathName, parsePartitionName, partitionName, unescapePathName } from './inventory/partition-name.ts';
export { targetDatabase } from './inventory/table-input.ts';
export type { Change } from './inventory/table-changes.ts';
export { objectChanges, tableChanges } from './inventory/table-changes.ts';
export type { SentColumn, SentDatabase, SentPartition, SentStorage, SentTable } from './inventory/sent-objects.ts';
export { databaseOfSent, partitionOfSent, tableOfSent } from './inventory/sent-objects.ts';
export {
  describeDatabase,
  describeFormatted,
  describeFormattedPartition,
  describePartition,
  describeTable,
  outputFormat,
  selectVersion,
  showCreateDatabase,
  showCreateTable,
  showDatabases,
  showPartitions,
  reloadFunctions,
  showFunctions,
  showSettings,
  showTables,
} from './hiveql/reading-statements.ts';
export { addPartitionsAt, dropPartitions, isSettable, setPartitionLocation } from './hiveql/script-statements.ts';
export { shownMaterializedView } from './hiveql/create-view.ts';
export { sizeInParameters } from './inventory/recorded-size.ts';
export { compareText, sortedBy } from './model/order.ts';
export { evenSlicesOf, inOrder, slicesOf } from './model/in-order.ts';
export { canonicalJson } from './model/canonical-json.ts';
export type { DdlError } from './hiveql/parse/ddl-error.ts';
export type { TableConstraint } from './model/constraint.ts';
export type { ParsedCreate } from './hiveql/parse/parse-create.ts';
export { parseCreate } from './hiveql/parse/parse-create.ts';
export { parseCreateDatabase } from './hiveql/parse/parse-create-database.ts';
export { planScripts } from './plan-scripts.ts';
export type { ScriptItem, ScriptStream, TableSource } from './stream-scripts.ts';
export { streamScripts } from './stream-scripts.ts';
export type { DatabaseHead, RecordedDatabase, RecordedPartition, RecordedTable, TablePair } from './model/data-set.ts';
export type { ClusterProfile, DataMovement, LocationMapEntry, ScriptSettings, WarehouseDirectories } from './model/script-settings.ts';
export type { DatabaseScript, ScriptCopy, TableScript } from './model/script-plan.ts';
export type { CopyPace, CopyPart, CopySize, CopyUnit, TransferPlan, TransferSettings } from './model/transfer.ts';
export { DEFAULT_TRANSFER_SETTINGS } from './transfer/default-settings.ts';
export { planTransfer } from './transfer/plan-transfer.ts';
export { unitsOfPlan } from './transfer/units-of-plans.ts';
export { copyLimits, transferSettingsOf } from './transfer/settings-of-request.ts';
export { windowAt } from './transfer/window-at.ts';
export { chosenCopies, pathsInNoCopy } from './transfer/copies-since.ts';
export type { CopyChoice } from './transfer/copies-since.ts';
export { trackedPlaces } from './transfer/tracked-places.ts';
export type { TrackedPlace, TrackedPlaces } from './transfer/tracked-places.ts';
export { bytesText, durationText } from './transfer/quantities.ts';
export { copyFiles } from './artefacts/script-copies.ts';
export type { ScriptPart } from './artefacts/script-hiveql.ts';
export { runBook } from './artefacts/run-book.ts';
export {
  HIVEQL_FILES,
  ROLL_BACK_FILES,
  databaseHiveql,
  hiveqlTitle,
  rollBackHiveql,
  rollBackTitle,
  tableHiveql,
} from './artefacts/script-hiveql.ts';
export { reportHead, reportLeftOut, reportTable } from './artefacts/script-report.ts';
export { htmlReport } from './report/html-report.ts';
export { reportedIssue, reportedNotes, reportedScript } from './report/reported-script.ts';
export { reportedPlan } from './report/reported-plan.ts';
