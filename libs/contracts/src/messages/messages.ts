import { STEP_KINDS } from '@hiveferry/core';
import type { StepKind } from '@hiveferry/core';
import { z } from 'zod';
import type { TaskKind } from './topics.ts';

/** Longer messages are not parsed: wake-ups are short, so a long one is not ours. */
export const MAX_MESSAGE_CHARACTERS = 65_536;

/** What is told of one that is wrong. */
const MOST_PROBLEMS = 5;

/** Of one message of `task.translation`: as many as stay below the length that is read, with names of ordinary letters as long as Hive's may be. */
export const MAX_TASKS_A_MESSAGE = 100;

const envelope = {
  /** Unique per message: the inbox removes doubles by it. */
  id: z.uuid(),
  runId: z.uuid(),
  key: z.string().min(1),
};
const envelopeV1 = { version: z.literal(1), ...envelope };

export const runRequestedV1 = z.object({ type: z.literal('run.requested'), ...envelopeV1 });
export const runApprovedV1 = z.object({ type: z.literal('run.approved'), ...envelopeV1 });
export const runCancelledV1 = z.object({ type: z.literal('run.cancelled'), ...envelopeV1 });

const cluster = z.string().min(1);
const task = {
  stepId: z.uuid(),
  /** `db.table` or `db`, for people who read topics. */
  subject: z.string().min(1),
};
const translationStep = z.enum(STEP_KINDS).exclude(['copy']);

/** One step. Written no more, but topics keep what an older version wrote. */
export const taskTranslationV1 = z.object({
  type: z.literal('task.translation'),
  ...envelopeV1,
  cluster,
  ...task,
  step: translationStep,
});

/** Steps of tables that share a slot, in their order; the key is `<runId>/<target>/<slot>`. */
export const taskTranslationV2 = z.object({
  type: z.literal('task.translation'),
  version: z.literal(2),
  ...envelope,
  target: z.string().min(1),
  cluster,
  // Counted first: of thousands that are wrong, each would be told of.
  tasks: z
    .array(z.unknown())
    .min(1)
    .max(MAX_TASKS_A_MESSAGE)
    .pipe(z.array(z.object({ ...task, step: translationStep }))),
});

/** One copy: it is long, and people watch its topic. */
export const taskDistcpV1 = z.object({ type: z.literal('task.distcp'), ...envelopeV1, cluster, ...task, step: z.literal('copy') });

/** All that is read; each version has a kept example in `examples/`. */
export const message = z.discriminatedUnion('type', [
  runRequestedV1,
  runApprovedV1,
  runCancelledV1,
  z.discriminatedUnion('version', [taskTranslationV1, taskTranslationV2]),
  taskDistcpV1,
]);
export type Message = z.infer<typeof message>;
export type MessageType = Message['type'];

export type ParsedMessage =
  { readonly kind: 'message'; readonly message: Message } | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads one message of the bus; what cannot be read is a value with its reason, for the dead letters. */
export function parseMessage(text: string): ParsedMessage {
  if (text.length > MAX_MESSAGE_CHARACTERS) {
    return {
      kind: 'unreadable',
      reason: `message has ${String(text.length)} characters, at most ${String(MAX_MESSAGE_CHARACTERS)} are read`,
    };
  }
  const json = parseJson(text);
  if (json.kind === 'unreadable') return json;
  const parsed = message.safeParse(json.value);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  return { kind: 'unreadable', reason: reasonOf(parsed.error) };
}

/** It is logged and kept: a message may be wrong in hundreds of places. */
function reasonOf({ issues }: z.ZodError): string {
  const told = z.prettifyError(new z.ZodError(issues.slice(0, MOST_PROBLEMS)));
  return issues.length > MOST_PROBLEMS ? `${told}\n… and ${String(issues.length - MOST_PROBLEMS)} more` : told;
}

/** On the wire `copy` travels as task kind `distcp`, all other steps as `translation`. */
export function taskKindOf(step: StepKind): TaskKind {
  return step === 'copy' ? 'distcp' : 'translation';
}

function parseJson(
  text: string,
): { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'unreadable'; readonly reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    return { kind: 'json', value };
  } catch (cause) {
    return { kind: 'unreadable', reason: `not JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}
