import { openPostgres } from '@hiveferry/adapters/postgres';
import type { PostgresStores } from '@hiveferry/adapters/postgres';
import { STEP_KINDS, databaseStepOf, parseLocation, parseNamespace, stepsOf } from '@hiveferry/core';
import type { ClusterFacts, Location, TablePlan } from '@hiveferry/core';
import { systemIds } from '@hiveferry/platform';
import type { ClaimRequest, ClaimedStep, ClusterConnection, MigrationSpec, RunLease } from '@hiveferry/ports';
import { createTestDatabase } from './postgres.ts';

export interface TestStores extends PostgresStores {
  readonly url: string;
  rows<R extends object>(statement: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
  drop(): Promise<void>;
}

export async function openTestStores(serverUrl: string): Promise<TestStores> {
  const database = await createTestDatabase(serverUrl);
  // A machine that is busy with other things may take its time.
  const stores = await openPostgres({ url: database.url, poolSize: 12, connectTimeoutMs: 120_000 }, systemIds);
  return {
    ...stores,
    url: database.url,
    async rows<R extends object>(statement: string, parameters: readonly unknown[] = []) {
      return stores.dataSource.query<R[]>(statement, [...parameters]);
    },
    async drop() {
      await stores.close();
      await database.drop();
    },
  };
}

export const location = (text: string): Location => parseLocation(text) ?? fail(text);

export function factsOf(name: string, hiveMajor: 3 | 4 = 3): ClusterFacts {
  return {
    name,
    hiveMajor,
    namespace: parseNamespace(`hdfs://${name}:8020`) ?? fail(name),
    managedWarehouse: location(`hdfs://${name}:8020/warehouse/managed`),
    externalWarehouse: location(`hdfs://${name}:8020/warehouse/external`),
  };
}

export function connectionOf(name: string, hiveMajor: 3 | 4 = 3): ClusterConnection {
  return {
    facts: factsOf(name, hiveMajor),
    metastore: { host: name, port: 9083 },
    hiveServer2: { host: name, port: 10_000, auth: 'nosasl', user: 'hive', maxSessions: 4 },
    hdfs: { webHdfsUri: `http://${name}:9870`, user: 'hdfs' },
    hadoop: { command: 'hadoop' },
  };
}

export function aSpec(changes: Partial<MigrationSpec> = {}): MigrationSpec {
  return {
    source: 'left',
    targets: ['right'],
    selection: { databases: ['sales'] },
    strategy: 'SCHEMA_ONLY',
    proof: 'rows',
    locations: { map: [] },
    databasePrefix: '',
    distcp: {},
    allowedHazards: [],
    labels: {},
    ...changes,
  };
}

/** A plan whose steps are a preflight, a create and a verify: enough for everything that is about steps. */
export function aPlan(table: string, changes: Partial<TablePlan> = {}): TablePlan {
  const name = { database: 'sales', table };
  return {
    source: name,
    target: name,
    strategy: 'SCHEMA_ONLY',
    decision: 'MIGRATE',
    object: 'table',
    proof: 'metadata',
    partitions: [],
    statements: [],
    copyJobs: [],
    mappings: [],
    dependsOn: [],
    issues: [],
    hazards: [],
    decisions: [],
    ...changes,
  };
}

export interface ExecutingRun {
  readonly runId: string;
  readonly operationId: string;
  readonly migrationId: string;
}

/** A run that is planned with these plans and executing, its steps made. */
export async function anExecutingRun(stores: TestStores, plans: readonly TablePlan[]): Promise<ExecutingRun> {
  const planned = await aPlannedRun(stores, plans);
  const operation = await stores.runs.executeRun({ runId: planned.runId, approvals: [{ planHash: 'hash-right' }] });
  const lease = await claimRun(stores, planned.runId);
  const database = { source: 'sales', target: 'sales', statements: [], issues: [] };
  await stores.plans.addSteps(lease, 'right', [
    { database: 'sales', steps: [databaseStepOf(database)] },
    ...plans.map((plan) => ({
      database: 'sales',
      table: plan.source.table,
      steps: stepsOf(plan),
    })),
  ]);
  await stores.plans.activateTarget(lease, 'right');
  await stores.plans.giveBackRun(lease);
  return { ...planned, operationId: operation.id };
}

export async function aPlannedRun(stores: TestStores, plans: readonly TablePlan[]): Promise<ExecutingRun> {
  const operation = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  const lease = await claimRun(stores, operation.runId);
  await stores.plans.putDatabasePlan(lease, 'right', { source: 'sales', target: 'sales', statements: [], issues: [] });
  await stores.plans.putTablePlans(
    lease,
    'right',
    plans.map((plan) => ({ plan, tableHash: `hash-${plan.source.table}` })),
  );
  await stores.plans.finishPlanning(lease, new Map([['right', 'hash-right']]));
  return { runId: operation.runId, migrationId: operation.migrationId, operationId: operation.id };
}

async function claimRun(stores: TestStores, runId: string): Promise<RunLease> {
  const run = await stores.plans.claimRun('test-planner', 30_000);
  if (run?.runId !== runId) throw new Error(`claimed ${run?.runId ?? 'nothing'} instead of ${runId}`);
  return run;
}

export function claim(stores: TestStores, changes: Partial<ClaimRequest> = {}): Promise<readonly ClaimedStep[]> {
  return stores.steps.claim({
    owner: 'test-executor',
    limit: 100,
    leaseMs: 30_000,
    kinds: STEP_KINDS,
    ...changes,
  });
}

function fail(text: string): never {
  throw new Error(`cannot be parsed: ${text}`);
}

/** Moves the end of these steps' leases, and with it of what was claimed together with them. @param inMs from now; negative: they have ended */
export async function setLeases(stores: TestStores, stepIds: readonly string[], inMs: number): Promise<void> {
  const until = `now() + $2 * interval '1 millisecond'`;
  await stores.rows(`update step_claim set lease_until = ${until} where steps && $1::uuid[]`, [stepIds, inMs]);
  await stores.rows(`update step set lease_until = ${until} where id = any($1::uuid[]) and state in ('RUNNING', 'ENDING')`, [
    stepIds,
    inMs,
  ]);
}
