import type { StepKind, StepPayload, TableName } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { ClaimedStep, ClusterClient, StepOutcome, StepStore, StepWait, TimeLeft } from '@hiveferry/ports';

/** What a handler has of the outside. */
export interface StepContext {
  readonly step: ClaimedStep;
  readonly source: ClusterClient;
  readonly target: ClusterClient;
  readonly store: StepStore;
  /** Succeeds only while the claim is held: to be waited for before each outside effect. */
  readonly renew: () => Promise<void>;
  /** Fires when the claim is lost, cancelled or given back. */
  readonly signal: AbortSignal;
  readonly timeLeft: () => TimeLeft;
  /** A failure that could be tried again will not be. */
  readonly isLastTry: boolean;
  readonly now: () => Date;
  readonly onProgress: (percent: number) => void;
}

/** What there is for a step that is given up, while something of it may go on outside. */
export type EndingContext = Pick<StepContext, 'step' | 'source' | 'target' | 'store' | 'signal' | 'timeLeft'>;

/** Ends what any attempt of a step began, and resolves when nothing of it goes on. It may be called again and again. */
export type StepEnding = (context: EndingContext) => Promise<void>;

/** Runs one kind of step. Its docstring says by what it can run twice. */
export type StepHandler = (context: StepContext) => Promise<StepOutcome | StepWait>;

export type PayloadOf<Kind extends StepKind> = Extract<StepPayload, { readonly kind: Kind }>;

export function payloadOf<Kind extends StepKind>({ step }: Pick<StepContext, 'step'>, kind: Kind): PayloadOf<Kind> {
  if (isPayload(step.payload, kind)) return step.payload;
  throw new MigrationError('STEP_PAYLOAD_WRONG', `step ${step.stepId}: expected a payload of ${kind}, found ${step.payload.kind}`, {
    category: 'defect',
    retry: 'never',
    subject: step.stepId,
  });
}

/** The table a step belongs to, by its source name. */
export function sourceTableOf({ step }: Pick<StepContext, 'step'>): TableName {
  if (step.table !== undefined) return { database: step.database, table: step.table };
  throw new MigrationError('STEP_WITHOUT_TABLE', `step ${step.stepId} (${step.kind}) belongs to no table`, {
    category: 'defect',
    retry: 'never',
    subject: step.stepId,
  });
}

export async function planOfStep(
  context: Pick<StepContext, 'step' | 'store'>,
): Promise<NonNullable<Awaited<ReturnType<StepStore['plan']>>>> {
  const { runId, target } = context.step;
  const source = sourceTableOf(context);
  const found = await context.store.plan({ runId, target, source });
  if (found !== undefined) return found;
  throw new MigrationError('PLAN_NOT_FOUND', `${source.database}.${source.table}: its plan is not in run ${runId}`, {
    category: 'defect',
    retry: 'never',
    subject: `${source.database}.${source.table}`,
  });
}

function isPayload<Kind extends StepKind>(payload: StepPayload, kind: Kind): payload is PayloadOf<Kind> {
  return payload.kind === kind;
}
