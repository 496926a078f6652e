import { STEP_KINDS } from '@hiveferry/core';
import { MAX_MESSAGE_CHARACTERS, parseMessage, taskKindOf } from './messages.ts';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
const TEXT = String.raw`[^"\\\u0000-\u001f]+`;
const stepsOf = (task: string): string => STEP_KINDS.filter((step) => taskKindOf(step) === task).join('|');

/** Of the two kinds of task, as `JSON.stringify` writes what the outbox makes: the same keys in the same order, nothing escaped. */
const WRITTEN_TASKS = ['translation', 'distcp'].map(
  (task) =>
    new RegExp(
      `^\\{"type":"task\\.${task}","version":1,"id":"(${UUID})","runId":"${UUID}","key":"${TEXT}","stepId":"${UUID}",` +
        `"cluster":"${TEXT}","subject":"${TEXT}","step":"(?:${stepsOf(task)})"\\}$`,
    ),
);

/**
 * All that a consumer needs of a message; what `parseMessage` refuses is refused here, with its reason. Tasks come in their thousands and
 * are wake-ups only: a text that is just as it is written here is known by a pattern, in a sixth of the time of JSON and zod.
 */
export function messageIdOf(text: string): string | { readonly reason: string } {
  if (text.length <= MAX_MESSAGE_CHARACTERS) {
    for (const written of WRITTEN_TASKS) {
      const id = written.exec(text)?.[1];
      if (id !== undefined) return id;
    }
  }
  const parsed = parseMessage(text);
  return parsed.kind === 'message' ? parsed.message.id : { reason: parsed.reason };
}
