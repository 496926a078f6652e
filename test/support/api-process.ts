import { createMemoryFileStore, MemoryMetastore } from '@hiveferry/adapters/memory';
import { parseConfiguration } from '@hiveferry/contracts';
import type { Configuration } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { CLOCK, CLUSTER_GATEWAY, CONFIGURATION, EXECUTOR_REGISTRY, OUTBOX, RUN_STORE, systemClock } from '@hiveferry/platform';
import type { ClusterClient, ClusterGateway } from '@hiveferry/ports';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestStores } from './stores.ts';
import { ApiModule, configureHttp, httpAdapterOf } from '../../apps/api/src/index.ts';

@Module({})
class TestApiModule {}

const apiConfiguration = (): Configuration => {
  const result = parseConfiguration({ FERRY_CHECK_SECONDS: '1', FERRY_BODY_LIMIT_BYTES: '20000' });
  if (result.kind === 'invalid') throw new Error(result.problems.join('\n'));
  return result.configuration;
};

/** The API alone, on these stores: nothing plans or executes. */
export async function startApi(stores: TestStores, gateway: ClusterGateway = workingGateway): Promise<NestFastifyApplication> {
  const configuration = apiConfiguration();
  const providers = [
    { provide: RUN_STORE, useValue: stores.runs },
    { provide: EXECUTOR_REGISTRY, useValue: stores.executors },
    { provide: OUTBOX, useValue: stores.outbox },
    { provide: CLUSTER_GATEWAY, useValue: gateway },
    { provide: CONFIGURATION, useValue: configuration },
    { provide: CLOCK, useValue: systemClock },
  ];
  const module = { module: TestApiModule, global: true, providers, exports: providers.map(({ provide }) => provide), imports: [ApiModule] };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its bag of options as a class that nobody makes.
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapterOf(configuration), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  configureHttp(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

const workingGateway: ClusterGateway = { connect: ({ facts }) => clientOf(facts) };

/** Its metastore answers never, its HiveServer2 refuses. */
export const brokenGateway: ClusterGateway = {
  connect: ({ facts }) => ({
    ...clientOf(facts),
    metastore: Object.assign(new MemoryMetastore({ databases: [], tables: [] }), {
      databaseNames: () => new Promise<never>(() => undefined),
    }),
    hive: {
      openSession: () =>
        Promise.reject(
          new MigrationError('HIVE_UNREACHABLE', 'HiveServer2 at source:10000: connection refused', {
            category: 'environment',
            retry: 'later',
            subject: 'source',
          }),
        ),
      close: () => Promise.resolve(),
    },
  }),
};

function clientOf(facts: ClusterClient['facts']): ClusterClient {
  const metastore = new MemoryMetastore({ databases: [], tables: [] });
  const files = createMemoryFileStore();
  return {
    facts,
    metastore,
    metastoreWriter: metastore,
    files: { ...files, status: (location) => Promise.resolve({ location, kind: 'directory', sizeBytes: 0, modifiedAtMs: 0 }) },
    hive: {
      openSession: () =>
        Promise.resolve({ execute: () => Promise.resolve(), query: () => Promise.resolve([]), close: () => Promise.resolve() }),
      close: () => Promise.resolve(),
    },
    checksums: { checksums: () => Promise.resolve({ checksums: new Map(), failures: [] }) },
    distcp: { run: () => Promise.reject(new Error('the API copies nothing')), end: () => Promise.resolve() },
    objectStores: [],
    hadoopVersion: () => Promise.resolve('Hadoop 3.4.2'),
    hadoopSees: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export const clusterBody = (name: string): Record<string, unknown> => ({
  name,
  hive: { version: '3.1.3', managedWarehouse: '/warehouse/managed', externalWarehouse: '/warehouse/external' },
  metastore: { uri: `thrift://${name}:9083` },
  hiveServer2: { host: name, port: 10000, auth: 'nosasl', user: 'hive' },
  hdfs: { namespace: `hdfs://${name}:8020`, webHdfsUri: `http://${name}:9870`, user: 'hive' },
  hadoop: { command: 'hadoop' },
});

export const migrationBody = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  source: 'left',
  targets: ['right'],
  selection: { databases: ['sales'] },
  ...changes,
});
