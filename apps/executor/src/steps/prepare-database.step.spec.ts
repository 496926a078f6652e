import { MemoryMetastore } from '@hiveferry/adapters/memory';
import type { PlannedStatement } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import { describe, expect, it } from 'vitest';
import { fakeCluster, refusedByHive } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf } from '../../../../test/support/stores.ts';
import { prepareDatabase } from './prepare-database.step.ts';
import type { StepContext } from './step-handler.ts';

const create = (subject: string): PlannedStatement => ({ side: 'target', purpose: 'create-database', sql: `create ${subject}`, subject });

/** A target whose databases can come while a step runs. */
function aTarget(...names: readonly string[]): { readonly target: FakeCluster; readonly appear: (name: string) => void } {
  const databases = new Set(names);
  const cluster = fakeCluster(connectionOf('right', 4), { databases: [] });
  const metastore = new MemoryMetastore({ databases: [], tables: [] });
  metastore.database = async (name) => (databases.has(name) ? { name, parameters: {} } : undefined);
  const target = Object.assign(cluster, { metastore });
  target.onStatement = async (sql) => void databases.add(sql.slice('create '.length));
  return { target, appear: (name) => void databases.add(name) };
}

function contextOf(target: FakeCluster): StepContext {
  const statements = [create('sales'), create('preflights')];
  const step: Partial<ClaimedStep> = {
    stepId: 's',
    cluster: 'right',
    payload: { kind: 'prepare-database', database: 'sales', statements },
  };
  // Only what the step asks of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    target,
    signal: new AbortController().signal,
    renew: () => Promise.resolve(),
  };
  return context as StepContext;
}

describe('prepare-database', () => {
  it('creates only what is not there', async () => {
    const { target } = aTarget('preflights');
    await prepareDatabase(contextOf(target));
    expect(target.statements).toEqual(['create sales']);
  });

  it('asks nothing of HiveServer2 when all is there', async () => {
    const { target } = aTarget('sales', 'preflights');
    target.hive.openSession = () => Promise.reject(new Error('a session'));
    expect(await prepareDatabase(contextOf(target))).toEqual({ result: { statements: 0 } });
  });

  it('takes a failed statement for done when its database comes from elsewhere', async () => {
    const { target, appear } = aTarget('sales');
    target.onStatement = async (sql) => {
      setTimeout(() => appear('preflights'), 50);
      throw refusedByHive(sql);
    };
    expect(await prepareDatabase(contextOf(target))).toEqual({ result: { statements: 1 } });
  });

  it('fails with the statement when its database does not come', async () => {
    const { target } = aTarget('sales');
    target.onStatement = (sql) => Promise.reject(refusedByHive(sql));
    await expect(prepareDatabase(contextOf(target))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
  });
});
