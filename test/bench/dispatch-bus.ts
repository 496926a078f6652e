import { KafkaBusServer, KafkaTaskBus } from '@hiveferry/adapters/kafka';
import { MemoryBus, MemoryBusServer } from '@hiveferry/adapters/memory';
import { parseConfiguration } from '@hiveferry/contracts';
import type { TaskBus } from '@hiveferry/ports';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { deleteTopics } from '../../scripts/support/services.ts';

/** Where the messages of one measurement go. */
export interface BenchBus {
  readonly bus: TaskBus;
  readonly server: CustomTransportStrategy;
  /** As consumers of this bus name their cluster. */
  readonly cluster: string;
  close(): Promise<void>;
}

/** @param brokers absent: the in-process bus */
export async function openBenchBus(cluster: string, brokers: string | undefined): Promise<BenchBus> {
  if (brokers === undefined) {
    const bus = new MemoryBus();
    return { bus, server: new MemoryBusServer(bus), cluster: '*', close: () => Promise.resolve() };
  }
  const prefix = `bench-${process.pid}-${Date.now()}`;
  const parsed = parseConfiguration({ FERRY_KAFKA_BROKERS: brokers, FERRY_KAFKA_TOPIC_PREFIX: prefix });
  if (parsed.kind === 'invalid' || parsed.configuration.kafka === undefined) throw new Error('no configuration of Kafka');
  const connection = parsed.configuration.kafka;
  const bus = new KafkaTaskBus(connection);
  const server = new KafkaBusServer({ connection, groupId: prefix, onLost: () => process.exit(1) });
  return {
    bus,
    server,
    cluster,
    async close() {
      await bus.close();
      await deleteTopics({ brokers, prefix });
    },
  };
}
