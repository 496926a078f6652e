import type { MovedStep } from './step-lists.ts';

interface Starts {
  readonly steps: Map<string, MovedStep>;
  readonly written: Promise<void>;
}

/**
 * Starts of steps that are told of and not written. Reports of a run are written side by side, so that whose end is reported must know
 * where its start is: nobody may read that a step runs after he read that it is done.
 */
export class StepStarts {
  /** By run: until a batch takes them. */
  readonly #waiting = new Map<string, Starts>();
  /** By step. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #report: (runId: string, steps: ReadonlyMap<string, MovedStep>) => Promise<unknown>;

  /** @param report puts a report into the next batch; the steps are those that still wait when that is written */
  constructor(report: (runId: string, steps: ReadonlyMap<string, MovedStep>) => Promise<unknown>) {
    this.#report = report;
  }

  /** @returns when they are written; those that are written together have one promise */
  add(runId: string, steps: Iterable<MovedStep>): Promise<void> {
    const starts = this.#waiting.get(runId) ?? this.#open(runId);
    for (const step of steps) starts.steps.set(step.id, step);
    return starts.written;
  }

  #open(runId: string): Starts {
    const steps = new Map<string, MovedStep>();
    const starts = { steps, written: this.#report(runId, steps).then(() => undefined) };
    this.#waiting.set(runId, starts);
    return starts;
  }

  /** A start that waits is written with its end. */
  take(runId: string, stepId: string): MovedStep | undefined {
    const steps = this.#waiting.get(runId)?.steps;
    const start = steps?.get(stepId);
    steps?.delete(stepId);
    return start;
  }

  /** @returns undefined when the step's start is not being written */
  untilWritten(stepId: string): Promise<unknown> | undefined {
    return this.#underWay.get(stepId);
  }

  /** The starts of this run that wait are written now. */
  async whileWriting<T>(runId: string, written: Promise<T>): Promise<T> {
    const ids = [...(this.#waiting.get(runId)?.steps.keys() ?? [])];
    this.#waiting.delete(runId);
    const ended = written.catch(() => undefined);
    for (const id of ids) this.#underWay.set(id, ended);
    try {
      return await written;
    } finally {
      for (const id of ids) if (this.#underWay.get(id) === ended) this.#underWay.delete(id);
    }
  }
}
