/** One source and two targets in memory, as planners and executors see them. */
import type { RunState } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { MigrationSpec, RunRecord } from '@hiveferry/ports';
import { createsAsPlanned } from './creates-as-planned.ts';
import { aTable, fakeCluster, fakeGateway } from './fake-cluster.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { aSpec, connectionOf, location } from './stores.ts';
import type { TestStores } from './stores.ts';
import { runUntil } from './until.ts';

export interface FanOut {
  readonly left: FakeCluster;
  readonly right: FakeCluster;
  readonly third: FakeCluster;
  readonly gateway: ReturnType<typeof fakeGateway>;
  migrate(changes: Partial<MigrationSpec>, executeAfterPlan: boolean): Promise<string>;
  until(runId: string, condition: (run: RunRecord) => boolean): Promise<RunRecord>;
  approve(run: RunRecord, target: string): Promise<unknown>;
}

const databases = ['sales', 'hiveferry_preflight'].map((name) => ({ name, parameters: {} }));

export async function aFanOut(stores: TestStores, tables: readonly string[]): Promise<FanOut> {
  const left = fakeCluster(connectionOf('left', 3), { databases, tables: tables.map((name) => ({ table: aTable(name), partitions: [] })) });
  for (const name of tables) left.files.putFile(location(`hdfs://left:8020/warehouse/external/sales.db/${name}/000000_0`), 10, 5);
  const [right, third] = [aTarget('right', left, stores), aTarget('third', left, stores)];
  for (const { facts } of [left, right, third]) await stores.runs.putCluster(facts.name, connectionOf(facts.name), {});
  return {
    left,
    right,
    third,
    gateway: fakeGateway([left, right, third]),
    async migrate(changes, executeAfterPlan) {
      const spec = aSpec({ targets: ['right', 'third'], proof: 'metadata', ...changes });
      return (await stores.runs.createMigration(spec, { executeAfterPlan })).runId;
    },
    until: (runId, condition) => runUntil(stores, runId, condition),
    approve: ({ id, targets }, target) =>
      stores.runs.executeRun({
        runId: id,
        approvals: [{ target, planHash: targets.find((each) => each.target === target)?.planHash ?? '' }],
      }),
  };
}

export const isIn =
  (...states: readonly RunState[]) =>
  ({ state }: RunRecord): boolean =>
    states.includes(state);

export const isTarget =
  (name: string, state: string) =>
  ({ targets }: RunRecord): boolean =>
    targets.some((each) => each.target === name && each.state === state);

export const passing = (subject: string): MigrationError =>
  new MigrationError('METASTORE_UNREACHABLE', `${subject} is away for a moment`, { category: 'environment', retry: 'later', subject });

function aTarget(name: string, left: FakeCluster, stores: TestStores): FakeCluster {
  const cluster = fakeCluster(connectionOf(name, 4), { databases, copiesFrom: left });
  cluster.onStatement = createsAsPlanned(stores, cluster);
  return cluster;
}
