import { DATA_STRATEGIES, PROOF_LEVELS, STATEMENT_PURPOSES, STEP_KINDS, STEP_STATES, TABLE_STATES } from '@hiveferry/core';
import { z } from 'zod';
import { ClusterName, Instant, Uuid } from '../text.ts';
import { Evidence, TableName } from './evidence.ts';
import { Facts, Issue } from './issue.ts';
import { NextPageToken, PageQuery } from './page.ts';
import { Failure } from './run.ts';

export const Hazard = z
  .object({ code: z.string(), subject: z.string(), allowed: z.boolean(), detail: Facts, text: z.string(), advice: z.string() })
  .meta({ id: 'Hazard', description: 'A step may hurt: it runs only when the request allows it by code.' });

const summary = {
  runId: Uuid,
  target: ClusterName,
  source: TableName,
  targetName: TableName,
  object: z.enum(['table', 'view']),
  state: z.enum(TABLE_STATES),
  tableHash: z.string(),
  issues: z.array(Issue),
  hazards: z.array(Hazard),
  failure: Failure.exactOptional(),
  evidence: Evidence.exactOptional(),
  startedAt: Instant.exactOptional(),
  endedAt: Instant.exactOptional(),
};

export const TableSummary = z.object(summary).meta({ id: 'TableSummary' });
export type TableSummary = z.infer<typeof TableSummary>;
export const TablePage = z.object({ items: z.array(TableSummary), nextPageToken: NextPageToken }).meta({ id: 'TablePage' });

export const Step = z
  .object({
    id: z.string(),
    key: z.string().meta({ example: 'copy-1' }),
    kind: z.enum(STEP_KINDS),
    cluster: ClusterName,
    state: z.enum(STEP_STATES),
    attempt: z.int(),
    startedAt: Instant.exactOptional(),
    endedAt: Instant.exactOptional(),
    waitsUntil: Instant.exactOptional().meta({
      description: 'WAITING only: when it is looked at again; `failure` says what it waits for.',
    }),
    failure: Failure.exactOptional(),
    result: z.record(z.string(), z.unknown()).exactOptional().meta({ description: 'Numbers of the finished step, and its log file.' }),
  })
  .meta({ id: 'Step' });
export type Step = z.infer<typeof Step>;

const Statement = z
  .object({ side: z.enum(['source', 'target']), purpose: z.enum(STATEMENT_PURPOSES), sql: z.string() })
  .meta({ id: 'Statement', description: 'HiveQL, without a closing semicolon.' });

const Mapping = z
  .object({
    subject: z.enum(['table', 'partition']),
    partition: z.string().exactOptional(),
    from: z.string(),
    to: z.string(),
    rule: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'LocationMapping', description: 'Why a location became what it is.' });

const copyJob = { id: z.string(), target: z.string(), excluded: z.array(z.string()) };
const CopyJob = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('pair'), source: z.string(), ...copyJob }),
    z.object({ kind: z.literal('list'), sources: z.array(z.string()), ...copyJob }),
  ])
  .meta({ id: 'CopyJob', description: 'One DistCp job.' });

const PartitionNames = z
  .object({ count: z.int(), examples: z.array(z.string()) })
  .meta({ id: 'PartitionNames', description: 'How many, and the first 100 names.' });

const Existing = z
  .object({
    definition: z.enum(['kept', 'amended', 'replaced']),
    partitions: z.object({ added: PartitionNames, replaced: PartitionNames, dropped: PartitionNames }).exactOptional(),
    linked: z.object({ table: z.string().exactOptional(), partitions: PartitionNames }).exactOptional().meta({
      description: 'CONVERT_LINKED: where the table points at the source, and which partitions do. Without both it is converted.',
    }),
  })
  .meta({
    id: 'ExistingObject',
    description: 'What becomes of what stands on the target already: with onExisting: sync, and by CONVERT_LINKED.',
  });

export const TablePlanView = z
  .object({
    strategy: z.enum(DATA_STRATEGIES),
    decision: z.enum(['MIGRATE', 'REFUSED']),
    proof: z.enum(PROOF_LEVELS),
    decisions: z.array(z.object({ rule: z.string(), reason: z.string() })),
    mappings: z.array(Mapping),
    mappingsOmitted: z.int().meta({ description: 'Mappings beyond the first 1,000: the plan artefact has all.' }),
    statements: z.array(Statement),
    copyJobs: z.array(CopyJob),
    dependsOn: z.array(TableName),
    partitions: z.int(),
    existing: Existing.exactOptional(),
  })
  .meta({ id: 'TablePlan', description: 'What will be done with the table.' });

export const TableDetail = z
  .object({ ...summary, plan: TablePlanView.exactOptional(), steps: z.array(Step) })
  .meta({ id: 'TableDetail', description: 'One table on one target: plan, steps, issues, evidence.' });
export type TableDetail = z.infer<typeof TableDetail>;

export const TableQuery = z.strictObject({
  ...PageQuery.shape,
  state: z.enum(TABLE_STATES).exactOptional(),
  database: z.string().min(1).max(128).exactOptional(),
  target: ClusterName.exactOptional(),
});
export type TableQuery = z.infer<typeof TableQuery>;

/** Which target, when a run has several. */
export const TargetQuery = z.strictObject({ target: ClusterName.exactOptional() });
export type TargetQuery = z.infer<typeof TargetQuery>;
