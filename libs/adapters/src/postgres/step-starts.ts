import type { MovedStep } from './step-lists.ts';

type Steps = ReadonlyMap<string, MovedStep>;

interface Starts {
  readonly steps: Map<string, MovedStep>;
  /** Also when the batch that they were in is written in parts, since it failed as a whole. */
  readonly written: Promise<void>;
}

/**
 * Starts of steps that are told of and not written. Reports of a run are written side by side, so that whose end is reported must know
 * where its start is: nobody may read that a step runs after he read that it is done.
 */
export class StepStarts {
  /** By run: until a batch takes them. */
  readonly #waiting = new Map<string, Starts>();
  /** By step: until its start is written. */
  readonly #underWay = new Map<string, Starts>();
  readonly #report: (runId: string, steps: Steps) => Promise<unknown>;

  /** @param report puts a report into the next batch; the steps are those that still wait when that is written */
  constructor(report: (runId: string, steps: Steps) => Promise<unknown>) {
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
    const end = (): void => {
      for (const id of steps.keys()) if (this.#underWay.get(id) === starts) this.#underWay.delete(id);
    };
    starts.written.then(end, end);
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

  /** Ends at once when the step's start is not being written. */
  untilWritten(stepId: string): Promise<undefined> | undefined {
    const nothing = (): undefined => undefined;
    return this.#underWay.get(stepId)?.written.then(nothing, nothing);
  }

  /** These are written now: no more are added to them, and none is taken away. */
  begin(runId: string, steps: Steps): void {
    const starts = this.#waiting.get(runId);
    if (starts?.steps !== steps) return;
    this.#waiting.delete(runId);
    for (const id of steps.keys()) this.#underWay.set(id, starts);
  }
}
