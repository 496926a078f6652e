export type { TaskKind } from './topics.ts';
export { DEAD_LETTER_TOPIC, RUNS_TOPIC, TASK_KINDS, tasksTopic } from './topics.ts';
export type { Message, MessageType, ParsedMessage } from './messages.ts';
export {
  MAX_MESSAGE_CHARACTERS,
  message,
  parseMessage,
  runApprovedV1,
  runCancelledV1,
  runRequestedV1,
  taskDistcpV1,
  taskKindOf,
  taskTranslationV1,
} from './messages.ts';
