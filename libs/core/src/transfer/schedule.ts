/** A job as the schedule sees it. */
export interface Timed {
  /** Index of the job. */
  readonly index: number;
  readonly seconds: number;
  /** Time to take it up again in the next window. */
  readonly restartSeconds: number;
  /** First wave in which it may run, counted from 0. */
  readonly release: number;
}

export interface LaneDraft {
  readonly jobs: number[];
  seconds: number;
}

export interface Schedule {
  /** By wave, then by lane; a wave may have empty lanes. */
  readonly waves: readonly (readonly LaneDraft[])[];
}

interface Limits {
  readonly slots: number;
  /** Length of a wave, but for a job that is longer. */
  readonly waveSeconds: number;
  /** Waves are windows: nothing runs beyond their end, what is longer goes on in the next. */
  readonly isWindow: boolean;
}

/** What a lane has to go on with, when its window ends. */
interface Carried {
  readonly job: Timed;
  readonly seconds: number;
}

/**
 * Puts jobs into waves: in each the longest job that fits goes to the lane that is free first (LPT), until nothing fits. So lanes end
 * nearly together, and small jobs fill what large ones leave. Jobs that are longer than a window begin with one, and first.
 *
 * Takes time for a sort of the jobs, and for a look at those that are left in each wave.
 */
export function schedule(jobs: readonly Timed[], limits: Limits): Schedule {
  const waves: LaneDraft[][] = [];
  let waiting = [...jobs].sort((a, b) => b.seconds - a.seconds || a.index - b.index);
  let carried: readonly (Carried | undefined)[] = Array.from({ length: limits.slots }, () => undefined);
  while (waiting.length > 0 || carried.some((lane) => lane !== undefined)) {
    const wave = waves.length;
    const ready = waiting.filter(({ release }) => release <= wave);
    const filled = fillWave(ready, carried, limits);
    waves.push(filled.lanes);
    carried = filled.carried;
    const taken = new Set(filled.taken);
    waiting = waiting.filter(({ index }) => !taken.has(index));
  }
  return { waves };
}

interface FilledWave {
  readonly lanes: LaneDraft[];
  readonly carried: readonly (Carried | undefined)[];
  readonly taken: readonly number[];
}

/** @param ready longest first */
function fillWave(ready: readonly Timed[], carried: readonly (Carried | undefined)[], limits: Limits): FilledWave {
  const begun = carried.map((lane) => goOn(lane, limits));
  const lanes = begun.map(({ lane }) => lane);
  const left = begun.map(({ carry }) => carry);
  const taken: number[] = [];
  let first = 0;
  if (limits.isWindow) {
    for (const [at, lane] of lanes.entries()) {
      const job = ready[first];
      if (job === undefined || job.seconds <= limits.waveSeconds) break;
      if (lane.jobs.length > 0) continue;
      const { carry } = runFrom(lane, { job, seconds: job.seconds }, limits);
      left[at] = carry;
      taken.push(job.index);
      first += 1;
    }
  }
  const length = limits.isWindow ? limits.waveSeconds : Math.max(limits.waveSeconds, ready[0]?.seconds ?? 0);
  taken.push(...fillLanes(lanes, ready.slice(first), length));
  return { lanes, carried: left, taken };
}

function goOn(carried: Carried | undefined, limits: Limits): { readonly lane: LaneDraft; readonly carry: Carried | undefined } {
  const lane = { jobs: [], seconds: 0 };
  return carried === undefined ? { lane, carry: undefined } : { lane, carry: runFrom(lane, carried, limits).carry };
}

/** Runs a job at the beginning of a window, as far as that goes. */
function runFrom(lane: LaneDraft, { job, seconds }: Carried, { waveSeconds }: Limits): { readonly carry: Carried | undefined } {
  lane.jobs.push(job.index);
  lane.seconds = Math.min(seconds, waveSeconds);
  const rest = seconds - waveSeconds;
  return { carry: rest > 0 ? { job, seconds: rest + job.restartSeconds } : undefined };
}

/** @returns indexes of the jobs that found a place */
function fillLanes(lanes: readonly LaneDraft[], jobs: readonly Timed[], length: number): readonly number[] {
  const free = freeFrom(jobs.length);
  const taken: number[] = [];
  for (;;) {
    const lane = emptiest(lanes);
    if (lane === undefined) return taken;
    const at = free.next(firstWithin(jobs, length - lane.seconds));
    const job = jobs[at];
    // The lane with the most room has none: no other one has.
    if (job === undefined) return taken;
    free.take(at);
    lane.jobs.push(job.index);
    lane.seconds += job.seconds;
    taken.push(job.index);
  }
}

function emptiest(lanes: readonly LaneDraft[]): LaneDraft | undefined {
  let found = lanes[0];
  for (const lane of lanes) if (found === undefined || lane.seconds < found.seconds) found = lane;
  return found;
}

/** Position of the longest job that is no longer than the room. */
function firstWithin(jobs: readonly Timed[], room: number): number {
  let [low, high] = [0, jobs.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((jobs[middle]?.seconds ?? 0) <= room) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Finds the next position that is not taken, at or after another; paths are shortened as they are walked. */
function freeFrom(length: number): { readonly next: (from: number) => number; readonly take: (at: number) => void } {
  const nextFree = Array.from({ length: length + 1 }, (_, at) => at);
  const next = (from: number): number => {
    let at = from;
    for (let to = nextFree[at] ?? at; to !== at; to = nextFree[at] ?? at) {
      nextFree[at] = nextFree[to] ?? to;
      at = to;
    }
    return at;
  };
  return { next, take: (at) => (nextFree[at] = at + 1) };
}
