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
 * Takes time for a sort of the jobs, and for a look at those that are left when others become ready.
 */
export function schedule(jobs: readonly Timed[], limits: Limits): Schedule {
  const waves: LaneDraft[][] = [];
  const released = Map.groupBy(jobs, ({ release }) => release);
  let pool = poolOf([]);
  let left = jobs.length;
  let carried: readonly (Carried | undefined)[] = Array.from({ length: limits.slots }, () => undefined);
  while (left > 0 || carried.some((lane) => lane !== undefined)) {
    const next = released.get(waves.length);
    if (next !== undefined) pool = poolOf([...leftIn(pool), ...next]);
    const filled = fillWave(pool, carried, limits);
    waves.push(filled.lanes);
    carried = filled.carried;
    left -= filled.taken;
  }
  return { waves };
}

/** Jobs that may run, longest first, and which of them wait still. */
interface Pool {
  readonly jobs: readonly Timed[];
  readonly free: FreePositions;
}

function poolOf(jobs: readonly Timed[]): Pool {
  return { jobs: jobs.toSorted((a, b) => b.seconds - a.seconds || a.index - b.index), free: freeFrom(jobs.length) };
}

function leftIn({ jobs, free }: Pool): readonly Timed[] {
  return jobs.filter((_, at) => free.next(at) === at);
}

interface FilledWave {
  readonly lanes: LaneDraft[];
  readonly carried: readonly (Carried | undefined)[];
  /** Number of jobs that found a place. */
  readonly taken: number;
}

function fillWave(pool: Pool, carried: readonly (Carried | undefined)[], limits: Limits): FilledWave {
  const begun = carried.map((lane) => goOn(lane, limits));
  const lanes = begun.map(({ lane }) => lane);
  const left = begun.map(({ carry }) => carry);
  let taken = 0;
  if (limits.isWindow) {
    for (const [at, lane] of lanes.entries()) {
      const first = pool.free.next(0);
      const job = pool.jobs[first];
      if (job === undefined || job.seconds <= limits.waveSeconds) break;
      if (lane.jobs.length > 0) continue;
      left[at] = runFrom(lane, { job, seconds: job.seconds }, limits).carry;
      pool.free.take(first);
      taken += 1;
    }
  }
  const longest = pool.jobs[pool.free.next(0)]?.seconds ?? 0;
  const length = limits.isWindow ? limits.waveSeconds : Math.max(limits.waveSeconds, longest);
  return { lanes, carried: left, taken: taken + fillLanes(lanes, pool, length) };
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

/** @returns number of jobs that found a place */
function fillLanes(lanes: readonly LaneDraft[], { jobs, free }: Pool, length: number): number {
  for (let taken = 0; ; taken += 1) {
    const lane = emptiest(lanes);
    if (lane === undefined) return taken;
    const at = free.next(firstWithin(jobs, length - lane.seconds));
    const job = jobs[at];
    // The lane with the most room has none: no other one has.
    if (job === undefined) return taken;
    free.take(at);
    lane.jobs.push(job.index);
    lane.seconds += job.seconds;
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

interface FreePositions {
  /** The first one at or after another; the number of all when there is none. */
  readonly next: (from: number) => number;
  readonly take: (at: number) => void;
}

/** Paths are shortened as they are walked. */
function freeFrom(length: number): FreePositions {
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
