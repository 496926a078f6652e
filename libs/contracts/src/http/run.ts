import { RUN_STATES, RUN_TARGET_STATES } from '@hiveferry/core';
import { z } from 'zod';
import { ClusterName, Instant, Uuid } from '../text.ts';
import { Issue } from './issue.ts';

const HASH_WANTED = 'expected the plan hash as GET /v1/runs/{runId} shows it';
const PlanHash = z.string().min(8, HASH_WANTED).max(128, HASH_WANTED).meta({ description: 'Root over the hashes of all table plans.' });

/** Why something failed: a stable code and words that say what to do. */
export const Failure = z
  .object({
    code: z.string().meta({ example: 'DISTCP_SOURCE_MISSING' }),
    message: z.string(),
    retry: z.string().exactOptional().meta({ description: 'When trying again makes sense: now, later, operator, never.' }),
  })
  .meta({ id: 'Failure' });

export const RunTarget = z
  .object({
    target: ClusterName,
    state: z.enum(RUN_TARGET_STATES).meta({
      description:
        'PLANNING: there is no plan yet, or it is tried again (`failure`, `retryAt`). FAILED: it cannot be planned; `:resume` tries again. PLANNED: waits for its approval. INCOMPLETE: ended with a table that is not VERIFIED.',
    }),
    failure: Failure.exactOptional().meta({ description: 'Why there is no plan, or why an approved plan is not being executed.' }),
    retryAt: Instant.exactOptional().meta({ description: 'When that is tried again.' }),
    planHash: PlanHash.exactOptional(),
    approvedAt: Instant.exactOptional(),
    tables: z.object({
      total: z.int(),
      byState: z
        .record(z.string(), z.int())
        .meta({ description: 'Number of tables in each state.', example: { VERIFIED: 12, REFUSED: 2 } }),
    }),
    issues: z.array(Issue).exactOptional().meta({
      description:
        'What is true about its databases as a whole, the first 100; those of tables are with the tables. Only where one run is asked for.',
    }),
    issuesOmitted: z.int().exactOptional().meta({ description: 'Issues beyond the first 100: the report and the artefacts have all.' }),
  })
  .meta({ id: 'RunTarget', description: 'Plan, approval and progress on one target.' });

export const Run = z
  .object({
    id: Uuid,
    migrationId: Uuid,
    number: z.int().meta({ description: 'Counts the runs of a migration, from 1.' }),
    state: z.enum(RUN_STATES).meta({
      description:
        'FAILED: no target could be planned; `:resume` plans again. INCOMPLETE: ended with a table that is not VERIFIED; `:resume` tries again.',
    }),
    targets: z.array(RunTarget),
    failure: Failure.exactOptional(),
    createdAt: Instant,
    startedAt: Instant.exactOptional(),
    endedAt: Instant.exactOptional(),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof Run>;

/** All runs of one migration: they are few, so there is one page. */
export const RunPage = z.object({ items: z.array(Run) }).meta({ id: 'RunPage' });

const Approval = z.strictObject({ target: ClusterName.exactOptional(), planHash: PlanHash }).meta({ id: 'Approval' });

export const ExecuteRequest = z
  .strictObject({
    planHash: PlanHash.exactOptional().meta({ description: 'The hash that was reviewed. Enough when there is one target.' }),
    approvals: z
      .array(Approval)
      .min(1)
      .max(50)
      .exactOptional()
      .meta({ description: 'One hash a target; targets left out are not executed.' }),
  })
  .refine((body) => (body.planHash === undefined) !== (body.approvals === undefined), 'expected either planHash or approvals')
  .meta({ id: 'ExecuteRequest', description: 'Executes exactly the plan that was reviewed: any other hash is refused.' });
export type ExecuteRequest = z.infer<typeof ExecuteRequest>;

export const ConfirmCopiedRequest = z
  .strictObject({
    target: ClusterName.exactOptional().meta({ description: 'Absent: on every target.' }),
    tables: z
      .array(z.strictObject({ database: z.string().min(1).max(128), table: z.string().min(1).max(256) }))
      .min(1)
      .max(10_000)
      .exactOptional()
      .meta({ description: 'Names at the source. Absent: all tables of the run that wait for files.' }),
  })
  .meta({ id: 'ConfirmCopiedRequest', description: 'Says that others have copied these tables.' });
export type ConfirmCopiedRequest = z.infer<typeof ConfirmCopiedRequest>;

export const ConfirmedCopies = z
  .object({ items: z.array(z.object({ target: ClusterName, source: z.object({ database: z.string(), table: z.string() }) })) })
  .meta({ id: 'ConfirmedCopies', description: 'Tables whose files are said to be there. They go on, and their proof is still to come.' });
export type ConfirmedCopies = z.infer<typeof ConfirmedCopies>;

/** Body of a further run: a dry run unless it says otherwise. */
export const RunRequest = z.strictObject({ execute: z.boolean().default(false) }).meta({ id: 'RunRequest' });
export type RunRequest = z.infer<typeof RunRequest>;
