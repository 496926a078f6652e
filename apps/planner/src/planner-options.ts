import type { RetryPolicy } from '@hiveferry/platform';

export interface PlannerOptions {
  /** Names this process in leases; unique. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly retry: RetryPolicy;
  /** Runs or targets that it works on at a time, of each kind of work: those that are slow to plan keep no approved one waiting. */
  readonly places: number;
  /** Tables of one part of a run: what one planner does before another may go on. */
  readonly tablesAShard: number;
  /** How long a target may take to answer at all, when planning begins. */
  readonly probeMs: number;
  /** How long the other targets of a run wait for one of them at each page of tables. */
  readonly patienceMs: number;
  /** Tables of databases that are not selected, of one cluster, whose locations are read for each plan. */
  readonly lookAroundTables: number;
  /** How often it looks at Postgres without being woken; 0 is never. */
  readonly tickMs: number;
  /** Whether it carries messages from the outbox to the bus. */
  readonly relays: boolean;
  readonly relayTickMs: number;
  /** How often a topic that took no messages is tried again. */
  readonly heldTopicTickMs: number;
  /**
   * How long the bus may take for messages: until then no other relay has their topics. Longer than Kafka's client tries to connect (18 s),
   * which names the brokers then, and shorter than the grace in which a process must end.
   */
  readonly publishMs: number;
  /** How long a relay leaves topics to others that the bus did not answer for: one that is held, or all when it took none. */
  readonly busPauseMs: number;
  /** How often it looks for what others left; 0 is never. */
  readonly sweepEveryMs: number;
  /** A step that stays READY longer than this is announced again. */
  readonly announceAfterMs: number;
  /** How long published messages and the inbox are kept. */
  readonly keepMessagesMs: number;
}

export const PLANNER_OPTIONS = Symbol('PlannerOptions');

export const DEFAULT_PLANNER_OPTIONS: Omit<PlannerOptions, 'owner'> = {
  leaseMs: 30_000,
  retry: { maxTries: 5, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  places: 4,
  tablesAShard: 500,
  probeMs: 5_000,
  patienceMs: 15_000,
  lookAroundTables: 2_000,
  tickMs: 2_000,
  relays: true,
  relayTickMs: 1_000,
  heldTopicTickMs: 10_000,
  publishMs: 20_000,
  busPauseMs: 10_000,
  sweepEveryMs: 2_000,
  announceAfterMs: 15_000,
  keepMessagesMs: 24 * 3_600_000,
};
