export { ClusterGatewayModule } from './cluster-gateway.module.ts';
export { InfrastructureModule } from './infrastructure.module.ts';
export type { InfrastructureOptions } from './infrastructure.module.ts';
export { KafkaBusModule, kafkaConnectionOf } from './kafka-bus.module.ts';
export { MemoryBusModule } from './memory-bus.module.ts';
export { ProbeController } from './probe.controller.ts';
export { startWorker } from './worker.ts';
