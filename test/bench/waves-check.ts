/** What the benchmark of waves holds against a plan, reckoned from its jobs alone. */
import type { CopyUnit, TransferPlan } from '@hiveferry/core';

export interface Checked {
  /** Sum over the waves of their longest lanes. */
  readonly makespanSeconds: number;
  /** Sum of the jobs over the slots, or the longest job. */
  readonly boundSeconds: number;
  readonly longestSeconds: number;
  readonly errors: readonly string[];
}

export function check(units: readonly CopyUnit[], { jobs, waves, settings }: TransferPlan): Checked {
  const seconds = new Map(jobs.map((job) => [job.id, job.seconds]));
  const laneSeconds = (lane: readonly string[]) => lane.reduce((sum, id) => sum + (seconds.get(id) ?? Number.NaN), 0);
  const makespanSeconds = waves.reduce((sum, { lanes }) => sum + Math.max(...lanes.map((lane) => laneSeconds(lane.jobs))), 0);
  const total = jobs.reduce((sum, job) => sum + job.seconds, 0);
  const longestSeconds = Math.max(...jobs.map((job) => job.seconds));
  const boundSeconds = Math.max(total / settings.slots, longestSeconds);
  return {
    makespanSeconds,
    boundSeconds,
    longestSeconds,
    errors: [...errorsOfWaves(jobs, waves, settings.slots), ...errorsOfSizes(units, jobs)],
  };
}

function errorsOfWaves(jobs: TransferPlan['jobs'], waves: TransferPlan['waves'], slots: number): readonly string[] {
  const run = waves.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.jobs));
  return [
    ...(run.length === jobs.length && new Set(run).size === jobs.length ? [] : [`${run.length} starts of ${jobs.length} jobs`]),
    ...waves.filter(({ lanes }) => lanes.length > slots).map(({ number, lanes }) => `wave ${number} has ${lanes.length} lanes`),
  ];
}

/** All bytes of each unit are in the copies of it, however it was split. */
function errorsOfSizes(units: readonly CopyUnit[], jobs: TransferPlan['jobs']): readonly string[] {
  const copied = new Map<string, number>();
  for (const { unit, size } of jobs.flatMap(({ copies }) => copies)) copied.set(unit, (copied.get(unit) ?? 0) + (size?.bytes ?? 0));
  return units
    .filter(({ id, size }) => copied.get(id) !== size?.bytes)
    .map(({ id, size }) => `${id}: ${copied.get(id) ?? 'no'} bytes copied of ${size?.bytes ?? 0}`);
}
