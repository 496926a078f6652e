export { KafkaBusServer } from './kafka-bus.server.ts';
export type { KafkaConnection } from './kafka-connection.ts';
export { KafkaTaskBus } from './kafka-task-bus.ts';
export { createTopics } from './kafka-topics.ts';
