import type { ExecutorRegistry, Ids, Inbox, Outbox, PlanStore, RunStore, StepStore } from '@hiveferry/ports';
import type { DataSource } from 'typeorm';
import { openDataSource } from './data-source.ts';
import type { PostgresOptions } from './data-source.ts';
import { PostgresInbox, PostgresOutbox } from './delivery.ts';
import { PostgresExecutorRegistry } from './executor-registry.ts';
import { Notifications } from './notifications.ts';
import { PostgresPlanStore } from './plan-store.ts';
import { PostgresRunStore } from './run-store.ts';
import { databaseOf } from './sql.ts';
import { PostgresStepStore } from './step-store.ts';

/** All that Postgres does for a process, on one pool and one listening connection. */
export interface PostgresStores {
  readonly dataSource: DataSource;
  readonly runs: RunStore;
  readonly plans: PlanStore;
  readonly steps: StepStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly executors: ExecutorRegistry;
  close(): Promise<void>;
}

/** Connects, brings the schema up to date and listens. */
export async function openPostgres(options: PostgresOptions, ids: Ids): Promise<PostgresStores> {
  const dataSource = await openDataSource(options);
  const notifications = new Notifications(options.url);
  await notifications.open();
  const database = databaseOf(dataSource);
  return {
    dataSource,
    runs: new PostgresRunStore(dataSource, ids, notifications),
    plans: new PostgresPlanStore(database, ids, notifications),
    steps: new PostgresStepStore(database, ids, notifications),
    outbox: new PostgresOutbox(database, notifications),
    inbox: new PostgresInbox(database),
    executors: new PostgresExecutorRegistry(database),
    async close() {
      await notifications.close();
      await dataSource.destroy();
    },
  };
}
