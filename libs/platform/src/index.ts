export { CLOCK, CLUSTER_GATEWAY, CONFIGURATION, IDS, RUN_STORE, SECRETS, TASK_BUS } from './tokens.ts';
export { INBOX, OUTBOX, PLAN_STORE, STEP_STORE } from './tokens.ts';
