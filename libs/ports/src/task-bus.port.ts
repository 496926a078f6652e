/** A wake-up: Postgres is the truth, so a lost or doubled message delays nothing for ever and does nothing twice. */
export interface BusMessage {
  readonly topic: string;
  readonly key: string;
  /** JSON by a versioned schema of contracts. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Publishing half of the bus; consuming is a Nest microservice transport. */
export interface TaskBus {
  /** Resolves when the bus has all of them; may deliver more than once. */
  publish(messages: readonly BusMessage[]): Promise<void>;
}
