import { STEP_KINDS } from '@hiveferry/core';
import type { StepKind } from '@hiveferry/core';
import { z } from 'zod';
import type { TaskKind } from './topics.ts';

/** Longer messages are not parsed: wake-ups are short, so a long one is not ours. */
export const MAX_MESSAGE_CHARACTERS = 65_536;

const envelope = {
  version: z.literal(1),
  /** Unique per message: the inbox removes doubles by it. */
  id: z.uuid(),
  runId: z.uuid(),
  key: z.string().min(1),
};

export const runRequestedV1 = z.object({ type: z.literal('run.requested'), ...envelope });
export const runApprovedV1 = z.object({ type: z.literal('run.approved'), ...envelope });
export const runCancelledV1 = z.object({ type: z.literal('run.cancelled'), ...envelope });

const task = {
  ...envelope,
  stepId: z.uuid(),
  cluster: z.string().min(1),
  /** `db.table` or `db`, for people who read topics. */
  subject: z.string().min(1),
};

export const taskTranslationV1 = z.object({ type: z.literal('task.translation'), ...task, step: z.enum(STEP_KINDS).exclude(['copy']) });
export const taskDistcpV1 = z.object({ type: z.literal('task.distcp'), ...task, step: z.literal('copy') });

/** All messages of version 1; each has a kept example in `examples/`. */
export const message = z.discriminatedUnion('type', [runRequestedV1, runApprovedV1, runCancelledV1, taskTranslationV1, taskDistcpV1]);
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
  return { kind: 'unreadable', reason: z.prettifyError(parsed.error) };
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
