/** Injection tokens of the ports: a module binds them, everything else asks for them. */
export const RUN_STORE = Symbol('RunStore');
export const CLUSTER_GATEWAY = Symbol('ClusterGateway');
export const CLOCK = Symbol('Clock');
export const IDS = Symbol('Ids');
export const TASK_BUS = Symbol('TaskBus');
export const SECRETS = Symbol('Secrets');
/** The validated `Configuration` of the process. */
export const CONFIGURATION = Symbol('Configuration');
export const PLAN_STORE = Symbol('PlanStore');
export const STEP_STORE = Symbol('StepStore');
export const OUTBOX = Symbol('Outbox');
export const INBOX = Symbol('Inbox');
export const EXECUTOR_REGISTRY = Symbol('ExecutorRegistry');
/** The transport that serves the message handlers of planner and executor. */
export const BUS_SERVER = Symbol('BusServer');
