export type {
  AddPartitionsRequest,
  DropPartitionsRequest,
  MetastoreReader,
  MetastoreWriter,
  MovePartitionsRequest,
  PartitionMove,
  ReadTablesOptions,
} from './metastore.port.ts';
export type { HivePlace } from './hive-place.ts';
export type { HiveSession, HiveSessionOptions, HiveSql, Row, StatementOptions } from './hive-sql.port.ts';
export type { ChecksumFailure, ChecksumReader, ChecksumResult, FileStatus, FileStore } from './file-store.port.ts';
export type { DistCp, DistCpCounters, DistCpEnding, DistCpOutcome, DistCpRequest, TimeLeft } from './distcp.port.ts';
export type { ClusterClient, ClusterConnection, ClusterGateway, MetastoreReading, ObjectStoreConnection } from './cluster-gateway.port.ts';
export type { BusMessage, TaskBus } from './task-bus.port.ts';
export type { Clock, Ids, Secrets } from './environment.port.ts';
export type {
  ClusterRecord,
  ConfirmedCopy,
  CopyConfirmationRequest,
  DatabaseIssues,
  IdempotentAnswer,
  MigrationRecord,
  MigrationSpec,
  OperationRecord,
  Page,
  RunEvent,
  RunRecord,
  RunStore,
  RunTargetRecord,
  StepRecord,
  TableCounts,
  TableFilter,
  TableRecord,
  TableWithPlan,
  TargetSettings,
} from './run-store.port.ts';
export type { AroundStore } from './around-store.port.ts';
export type { InventoryEntry, PlanStore, PlannedTable, StepGroup, TableHash } from './plan-store.port.ts';
export { PLANNER_WORK } from './run-lease.port.ts';
export type {
  ClaimScope,
  ClaimedRun,
  ClaimedTarget,
  PlannerClaim,
  PlannerWork,
  PlanningPlace,
  RunLease,
  ShardHold,
  TargetFailure,
  TargetToPlan,
} from './run-lease.port.ts';
export type { ClaimedShard, ShardCut, ShardProgress, ShardRequest, ShardStore, TableRange } from './run-shard.port.ts';
export type {
  ClaimRequest,
  ClaimedStep,
  EndingRequest,
  Failure,
  LeaseState,
  Link,
  LinkRoom,
  StepLease,
  StepOutcome,
  StepStore,
  StepWait,
  SweepPolicy,
  SweepReport,
  TableOfStep,
} from './step-store.port.ts';
export type { ExecutorLoad, ExecutorRecord, ExecutorRegistry, ExecutorSign } from './executor-registry.port.ts';
export type { DeadLetter, HeldTopic, Inbox, Outbox, RelayScope } from './delivery.port.ts';
