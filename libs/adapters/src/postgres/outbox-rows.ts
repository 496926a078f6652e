import { MAX_MESSAGE_CHARACTERS, MAX_TASKS_A_MESSAGE, headersOf, slotOf, tasksTopic } from '@hiveferry/contracts';
import type { Message } from '@hiveferry/contracts';
import { slicesOf } from '@hiveferry/core';
import type { StepKind } from '@hiveferry/core';
import type { BusMessage, Ids } from '@hiveferry/ports';

/** A step to be announced to the executors of its cluster. */
export interface ReadyStep {
  readonly id: string;
  readonly runId: string;
  readonly target: string;
  readonly database: string;
  readonly tableName: string;
  readonly kind: StepKind;
  readonly cluster: string;
}

/** A message that waits: what becomes one record of its topic. */
export interface OutboxRow extends BusMessage {
  readonly id: string;
}

export function rowOf(topic: string, message: Message): OutboxRow {
  return { id: message.id, topic, key: message.key, value: JSON.stringify(message), headers: headersOf(message) };
}

type Copy = ReadyStep & { readonly kind: 'copy' };
type Translation = ReadyStep & { readonly kind: Exclude<StepKind, 'copy'> };

/**
 * One for each copy; other steps go together where their tables share a slot, in their order.
 *
 * @returns of each table the messages in the order of its steps, as far as they go to one topic
 */
export function taskRows(steps: readonly ReadyStep[], ids: Ids): readonly OutboxRow[] {
  const together = Map.groupBy(steps.filter(isTranslation), (step) => `${step.cluster} ${slotKeyOf(step)}`);
  return [
    ...steps.filter(isCopy).map((step) => copyRow(step, ids)),
    ...[...together.values()].flatMap((own) => slicesOf(own, MAX_TASKS_A_MESSAGE).flatMap((slice) => translationRows(slice, ids))),
  ];
}

const isCopy = (step: ReadyStep): step is Copy => step.kind === 'copy';
const isTranslation = (step: ReadyStep): step is Translation => step.kind !== 'copy';
const subjectOf = ({ database, tableName }: ReadyStep): string => (tableName === '' ? database : `${database}.${tableName}`);
const slotKeyOf = (step: ReadyStep): string => `${step.runId}/${step.target}/${String(slotOf(subjectOf(step)))}`;

function copyRow(step: Copy, ids: Ids): OutboxRow {
  const { id: stepId, runId, target, cluster, kind } = step;
  const subject = subjectOf(step);
  const key = `${runId}/${target}/${subject}`;
  return rowOf(tasksTopic(cluster, 'distcp'), {
    type: 'task.distcp',
    version: 1,
    id: ids.next(),
    runId,
    key,
    stepId,
    cluster,
    subject,
    step: kind,
  });
}

/** Halved where names take more than ordinary letters do: what is too long would be a dead letter. */
function translationRows(steps: readonly Translation[], ids: Ids): readonly OutboxRow[] {
  const [first] = steps;
  if (first === undefined) return [];
  const { runId, target, cluster } = first;
  const tasks = steps.map((step) => ({ stepId: step.id, subject: subjectOf(step), step: step.kind }));
  const row = rowOf(tasksTopic(cluster, 'translation'), {
    type: 'task.translation',
    version: 2,
    id: ids.next(),
    runId,
    key: slotKeyOf(first),
    target,
    cluster,
    tasks,
  });
  if (steps.length === 1 || row.value.length <= MAX_MESSAGE_CHARACTERS) return [row];
  return slicesOf(steps, Math.ceil(steps.length / 2)).flatMap((half) => translationRows(half, ids));
}
