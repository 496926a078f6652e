import { readFile } from 'node:fs/promises';
import { KafkaBusServer, KafkaTaskBus } from '@hiveferry/adapters/kafka';
import type { KafkaConnection } from '@hiveferry/adapters/kafka';
import type { KafkaConfiguration } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { Global, Inject, Logger, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown, Provider } from '@nestjs/common';
import { systemSecrets } from '../environment.ts';
import { BUS_SERVER, TASK_BUS } from '../tokens.ts';

const CONNECTION = Symbol('KafkaConnection');

/** The bus between processes. */
@Global()
@Module({})
export class KafkaBusModule implements OnApplicationShutdown {
  private readonly bus: KafkaTaskBus;

  constructor(@Inject(TASK_BUS) bus: KafkaTaskBus) {
    this.bus = bus;
  }

  /** @param groupId consumer group of the process's handlers */
  static register(configuration: KafkaConfiguration | undefined, groupId: (kafka: KafkaConfiguration) => string): DynamicModule {
    if (configuration === undefined) throw withoutBrokers();
    const providers: Provider[] = [
      { provide: CONNECTION, useFactory: () => kafkaConnectionOf(configuration) },
      { provide: TASK_BUS, inject: [CONNECTION], useFactory: (connection: KafkaConnection) => new KafkaTaskBus(connection) },
      {
        provide: BUS_SERVER,
        inject: [CONNECTION],
        useFactory: (connection: KafkaConnection) =>
          new KafkaBusServer({ connection, groupId: groupId(configuration), onLost: endProcess }),
      },
    ];
    return { module: KafkaBusModule, providers, exports: [TASK_BUS, BUS_SERVER] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}

/** The configuration with what it only refers to: password and certificates. */
export async function kafkaConnectionOf(configuration: KafkaConfiguration): Promise<KafkaConnection> {
  const { sasl, sslCaFile } = configuration;
  return {
    ...configuration,
    ...(sasl !== undefined && { password: await systemSecrets.resolve(sasl.passwordRef) }),
    ...(sslCaFile !== undefined && { ca: await readFile(sslCaFile, 'utf8') }),
  };
}

/** A process that receives nothing any more is of no use: whoever runs it starts another. */
function endProcess(error: Error): void {
  new Logger(KafkaBusModule.name).error({ err: error }, 'the consumer stopped for good: the process ends');
  process.kill(process.pid, 'SIGTERM');
}

const withoutBrokers = (): MigrationError =>
  new MigrationError('KAFKA_NOT_CONFIGURED', 'FERRY_KAFKA_BROKERS: expected host:port; found nothing', {
    category: 'request',
    retry: 'operator',
    subject: 'FERRY_KAFKA_BROKERS',
  });
