import { openPostgres } from '@hiveferry/adapters/postgres';
import type { PostgresStores } from '@hiveferry/adapters/postgres';
import type { Configuration } from '@hiveferry/contracts';
import type { ClusterGateway, RunStore } from '@hiveferry/ports';
import { Global, Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown, Provider } from '@nestjs/common';
import { ClusterClients } from '../cluster-clients.ts';
import { systemClock, systemIds, systemSecrets } from '../environment.ts';
import {
  CLOCK,
  CLUSTER_GATEWAY,
  CONFIGURATION,
  EXECUTOR_REGISTRY,
  IDS,
  INBOX,
  OUTBOX,
  PLAN_STORE,
  RUN_STORE,
  SECRETS,
  STEP_STORE,
} from '../tokens.ts';

const POSTGRES = Symbol('PostgresStores');

export interface InfrastructureOptions {
  readonly configuration: Configuration;
  readonly databaseUrl: string;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** Binds every port but the bus: Postgres, the clock, ids and secrets of this machine. */
@Global()
@Module({})
export class InfrastructureModule implements OnApplicationShutdown {
  private readonly postgres: PostgresStores;
  private readonly clusters: ClusterClients;

  constructor(@Inject(POSTGRES) postgres: PostgresStores, @Inject(ClusterClients) clusters: ClusterClients) {
    this.postgres = postgres;
    this.clusters = clusters;
  }

  static register({ configuration, databaseUrl, applicationName = 'hiveferry' }: InfrastructureOptions): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: CLOCK, useValue: systemClock },
      { provide: IDS, useValue: systemIds },
      { provide: SECRETS, useValue: systemSecrets },
      { provide: POSTGRES, useFactory: async () => await openPostgres({ url: databaseUrl, applicationName }, systemIds) },
      store(RUN_STORE, 'runs'),
      store(PLAN_STORE, 'plans'),
      store(STEP_STORE, 'steps'),
      store(OUTBOX, 'outbox'),
      store(INBOX, 'inbox'),
      store(EXECUTOR_REGISTRY, 'executors'),
      {
        provide: ClusterClients,
        inject: [CLUSTER_GATEWAY, RUN_STORE],
        useFactory: (gateway: ClusterGateway, runs: RunStore) => new ClusterClients(gateway, (name) => runs.cluster(name)),
      },
    ];
    return { module: InfrastructureModule, providers, exports: providers };
  }

  /** Last of all: services have given back what they held. */
  async onApplicationShutdown(): Promise<void> {
    await this.clusters.close();
    await this.postgres.close();
  }
}

function store(token: symbol, name: 'runs' | 'plans' | 'steps' | 'outbox' | 'inbox' | 'executors'): Provider {
  return { provide: token, inject: [POSTGRES], useFactory: (postgres: PostgresStores) => postgres[name] };
}
