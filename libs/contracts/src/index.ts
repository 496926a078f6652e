export { EXIT_CODES, EXIT_CODE_MEANINGS } from './exit-codes.ts';
export type { ExitCode } from './exit-codes.ts';
export { ConfigurationSchema, configurationKeys, parseConfiguration } from './configuration.ts';
export type { Configuration, ConfigurationKey, ConfigurationResult, NeededKey } from './configuration.ts';
export type { KafkaConfiguration } from './kafka-configuration.ts';
export { Executor, ExecutorPage } from './http/executor.ts';
export { ClusterName, Uuid } from './text.ts';
export { Problem, ProblemDetail } from './http/problem.ts';
export { MAX_PAGE_SIZE, PageQuery } from './http/page.ts';
export { CLUSTER_PARTS, Cluster, ClusterBody, ClusterCheck, ClusterCheckPart, ClusterPage, ClusterSpec } from './http/cluster.ts';
export { clusterConnectionOf } from './http/cluster-connection.ts';
export { parseHiveUri } from './hive-uri/hive-uri.ts';
export { printHiveUri } from './hive-uri/print-hive-uri.ts';
export { schemaProblems, schemaProblemsText } from './schema-problems.ts';
export { isHiveUriOption } from './hive-uri/hive-uri-options.ts';
export { AVAILABLE_FLOWS, Migration, MigrationPage, MigrationRequest, clusterOfTarget } from './http/migration.ts';
export { migrationSpecOf, specOnTarget } from './http/migration-spec.ts';
export { ConfirmCopiedRequest, ConfirmedCopies, ExecuteRequest, Run, RunPage, RunRequest, RunTarget } from './http/run.ts';
export { Operation, OperationPage } from './http/operation.ts';
export { Evidence } from './http/evidence.ts';
export { Issue } from './http/issue.ts';
export { Hazard, Step, TableDetail, TablePage, TablePlanView, TableQuery, TableSummary, TargetQuery } from './http/table.ts';
export { Artefact, ArtefactList } from './http/artefact.ts';
export { Forecast, ForecastQuery } from './http/forecast.ts';
export { Health } from './http/health.ts';
export type { TaskKind } from './messages/topics.ts';
export { DEAD_LETTER_TOPIC, RUNS_TOPIC, TASK_KINDS, clusterOfTopic, tasksTopic } from './messages/topics.ts';
export { headersOf } from './messages/headers.ts';
export { messageIdOf } from './messages/message-id.ts';
export { slotOf } from './messages/table-slots.ts';
export type { Message, MessageType, ParsedMessage } from './messages/messages.ts';
export {
  MAX_MESSAGE_CHARACTERS,
  MAX_TASKS_A_MESSAGE,
  message,
  parseMessage,
  runApprovedV1,
  runCancelledV1,
  runRequestedV1,
  taskDistcpV1,
  taskKindOf,
  taskTranslationV1,
  taskTranslationV2,
} from './messages/messages.ts';
export type { SnapshotCluster, SnapshotLine } from './snapshot/snapshot.ts';
export { parseSnapshotLine } from './snapshot/snapshot.ts';
