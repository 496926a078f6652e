/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- typeorm declares its plain options as a class */
import type { ClusterConnection, MigrationSpec } from '@hiveferry/ports';
import type { RunState } from '@hiveferry/core';
import { EntitySchema } from 'typeorm';

/** Rows of the aggregates; per-table state is set-based SQL and has no entities. */
export interface ClusterRow {
  readonly name: string;
  readonly connection: ClusterConnection;
  readonly spec: unknown;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MigrationRow {
  readonly id: string;
  readonly source: string;
  readonly targets: string[];
  readonly spec: MigrationSpec;
  readonly createdAt: Date;
}

export interface RunRow {
  readonly id: string;
  readonly migrationId: string;
  readonly number: number;
  readonly state: RunState;
  readonly executeAfterPlan: boolean;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface RunTargetRow {
  readonly runId: string;
  readonly target: string;
  readonly position: number;
  readonly planHash: string | null;
  readonly approvedAt: Date | null;
  readonly dispatchedAt: Date | null;
  readonly failure: { readonly code: string; readonly message: string; readonly retry: string } | null;
  readonly dueAt: Date | null;
}

export interface OperationRow {
  readonly id: string;
  readonly kind: 'plan' | 'execute' | 'verify' | 'cancel';
  readonly migrationId: string;
  readonly runId: string;
  readonly done: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

const createdAt = { type: 'timestamptz', name: 'created_at', createDate: true } as const;
const runId = { type: 'uuid', name: 'run_id' } as const;
const migrationId = { type: 'uuid', name: 'migration_id' } as const;
const instant = (name: string) => ({ type: 'timestamptz', name, nullable: true }) as const;
const nullableJson = { type: 'jsonb', nullable: true } as const;

export const ClusterEntity = new EntitySchema<ClusterRow>({
  name: 'cluster',
  columns: {
    name: { type: 'text', primary: true },
    connection: { type: 'jsonb' },
    spec: { type: 'jsonb' },
    version: { type: 'integer' },
    createdAt,
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});

export const MigrationEntity = new EntitySchema<MigrationRow>({
  name: 'migration',
  columns: {
    id: { type: 'uuid', primary: true },
    source: { type: 'text' },
    targets: { type: 'text', array: true },
    spec: { type: 'jsonb' },
    createdAt,
  },
});

export const RunEntity = new EntitySchema<RunRow>({
  name: 'run',
  columns: {
    id: { type: 'uuid', primary: true },
    migrationId,
    number: { type: 'integer' },
    state: { type: 'text' },
    executeAfterPlan: { type: 'boolean', name: 'execute_after_plan' },
    failure: nullableJson,
    createdAt,
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
});

export const RunTargetEntity = new EntitySchema<RunTargetRow>({
  name: 'run_target',
  columns: {
    runId: { ...runId, primary: true },
    target: { type: 'text', primary: true },
    position: { type: 'integer' },
    planHash: { type: 'text', name: 'plan_hash', nullable: true },
    approvedAt: instant('approved_at'),
    dispatchedAt: instant('dispatched_at'),
    failure: nullableJson,
    dueAt: instant('due_at'),
  },
});

export const OperationEntity = new EntitySchema<OperationRow>({
  name: 'operation',
  columns: {
    id: { type: 'uuid', primary: true },
    kind: { type: 'text' },
    migrationId,
    runId,
    done: { type: 'boolean' },
    error: nullableJson,
    createdAt,
    endedAt: instant('ended_at'),
  },
});

export const entities = [ClusterEntity, MigrationEntity, RunEntity, RunTargetEntity, OperationEntity];
