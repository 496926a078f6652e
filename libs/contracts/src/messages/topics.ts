export const TASK_KINDS = ['translation', 'distcp'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Wake-ups of planners: a run was requested, approved or cancelled. */
export const RUNS_TOPIC = 'hiveferry.runs';

/** Where messages go that could not be read. */
export const DEAD_LETTER_TOPIC = 'hiveferry.dead-letter';

/** Wake-ups of the executors at one cluster's edge; `*` as cluster is a pattern that only the in-process bus understands. */
export function tasksTopic(cluster: string, kind: TaskKind): string {
  return `hiveferry.tasks.${cluster}.${kind}`;
}

/** Of a topic of tasks; undefined for the others. */
export function clusterOfTopic(topic: string): string | undefined {
  return TASK_KINDS.flatMap((kind) => (topic.endsWith(`.${kind}`) ? topic.slice('hiveferry.tasks.'.length, -kind.length - 1) : [])).at(0);
}
