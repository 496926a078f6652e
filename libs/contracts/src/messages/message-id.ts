import { STEP_KINDS } from '@hiveferry/core';
import { MAX_MESSAGE_CHARACTERS, MAX_TASKS_A_MESSAGE, parseMessage, taskKindOf } from './messages.ts';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
const TEXT = String.raw`[^"\\\u0000-\u001f]+`;
const STEP = STEP_KINDS.filter((kind) => taskKindOf(kind) === 'translation').join('|');
const TASK = `\\{"stepId":"${UUID}","subject":"${TEXT}","step":"(?:${STEP})"\\}`;

/** As `JSON.stringify` writes what the outbox makes: the same keys in the same order, nothing escaped. A text that it does not know takes time by its length, no more. */
const WRITTEN_TASKS = new RegExp(
  `^\\{"type":"task\\.translation","version":2,"id":"(${UUID})","runId":"${UUID}","key":"${TEXT}","target":"${TEXT}","cluster":"${TEXT}",` +
    `"tasks":\\[${TASK}(?:,${TASK}){0,${String(MAX_TASKS_A_MESSAGE - 1)}}\\]\\}$`,
);

/**
 * All that a consumer needs of a message; what `parseMessage` refuses is refused here, with its reason. Quick tasks come in their thousands
 * and are wake-ups only: a text that is just as it is written here is known by a pattern, in less than half of the time of JSON and zod.
 */
export function messageIdOf(text: string): string | { readonly reason: string } {
  const written = text.length <= MAX_MESSAGE_CHARACTERS ? WRITTEN_TASKS.exec(text)?.[1] : undefined;
  if (written !== undefined) return written;
  const parsed = parseMessage(text);
  return parsed.kind === 'message' ? parsed.message.id : { reason: parsed.reason };
}
