import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `create table cluster (
     name text primary key, connection jsonb not null, spec jsonb not null, version integer not null default 1,
     created_at timestamptz not null default now(), updated_at timestamptz not null default now())`,
  `create table migration (
     id uuid primary key, source text not null, targets text[] not null, spec jsonb not null,
     created_at timestamptz not null default now())`,
  `create table run (
     id uuid primary key, migration_id uuid not null references migration (id), number integer not null, state text not null,
     execute_after_plan boolean not null, failure jsonb, fence bigint not null default 0, attempt integer not null default 0,
     lease_owner text, lease_until timestamptz, available_at timestamptz not null default now(),
     created_at timestamptz not null default now(), started_at timestamptz, ended_at timestamptz,
     unique (migration_id, number))`,
  `create index run_unfinished on run (available_at, id) where ended_at is null`,
  `create table run_target (
     run_id uuid not null references run (id), target text not null, position integer not null,
     plan_hash text, approved_at timestamptz, dispatched_at timestamptz, primary key (run_id, target))`,
  `create table operation (
     id uuid primary key, kind text not null, migration_id uuid not null, run_id uuid not null references run (id),
     done boolean not null default false, error jsonb, created_at timestamptz not null default now(), ended_at timestamptz)`,
  `create index operation_open on operation (run_id) where not done`,
  `create table run_inventory (
     run_id uuid not null references run (id), database text collate "C" not null, table_name text collate "C" not null,
     object text not null, location text collate "C", primary key (run_id, database, table_name))`,
  `create index run_inventory_location on run_inventory (run_id, location) where location is not null`,
  `create table run_database (
     run_id uuid not null, target text not null, database text collate "C" not null, target_database text not null,
     plan jsonb not null, primary key (run_id, target, database),
     foreign key (run_id, target) references run_target (run_id, target))`,
  `create table run_table (
     run_id uuid not null, target text not null, database text collate "C" not null, table_name text collate "C" not null,
     target_database text not null, target_table text not null, object text not null, decision text not null, state text not null,
     plan jsonb, table_hash text not null, issues jsonb not null, hazards jsonb not null, failure jsonb,
     started_at timestamptz, ended_at timestamptz, primary key (run_id, target, database, table_name),
     foreign key (run_id, target) references run_target (run_id, target))`,
  `create index run_table_state on run_table (run_id, state, target)`,
  `create table step (
     id uuid primary key, run_id uuid not null, target text not null, database text collate "C" not null,
     table_name text collate "C" not null default '', key text not null, kind text not null, side text not null, cluster text not null,
     state text not null, payload jsonb not null, attempt integer not null default 0, tries integer not null default 0,
     fence bigint not null default 0, lease_owner text, lease_until timestamptz, available_at timestamptz not null default now(),
     announced_at timestamptz, failure jsonb, result jsonb, position integer not null default 0,
     started_at timestamptz, ended_at timestamptz, unique (run_id, target, database, table_name, key),
     foreign key (run_id, target) references run_target (run_id, target))`,
  `create index step_ready on step (position desc, available_at, id) where state = 'READY'`,
  `create index step_running on step (lease_until) where state = 'RUNNING'`,
  `create index step_open on step (run_id, state) where state in ('BLOCKED', 'READY', 'RUNNING', 'WAITING')`,
  `create table step_dependency (
     needs_step_id uuid not null references step (id), step_id uuid not null references step (id), primary key (needs_step_id, step_id))`,
  `create index step_dependency_of on step_dependency (step_id)`,
  `create table step_attempt (
     step_id uuid not null references step (id), fence bigint not null, attempt integer not null, owner text not null,
     outcome text, failure jsonb, result jsonb, started_at timestamptz not null default now(), ended_at timestamptz,
     primary key (step_id, fence))`,
  `create table measurement (
     step_id uuid primary key references step (id), side text not null, facts jsonb not null, measured_at timestamptz not null default now())`,
  `create table evidence (
     id bigint generated always as identity primary key, run_id uuid not null, target text not null, database text collate "C" not null,
     table_name text collate "C" not null, step_id uuid not null, fence bigint not null, verdict text not null, facts jsonb not null,
     verified_at timestamptz not null default now(), unique (step_id, fence))`,
  `create index evidence_latest on evidence (run_id, target, database, table_name, id)`,
  `create table run_event (
     sequence bigint generated always as identity primary key, run_id uuid not null, at timestamptz not null default clock_timestamp(),
     type text not null, data jsonb not null)`,
  `create index run_event_run on run_event (run_id, sequence)`,
  `create table outbox (
     sequence bigint generated always as identity primary key, id uuid not null unique, topic text not null, key text not null,
     value text not null, headers jsonb not null, created_at timestamptz not null default now(), published_at timestamptz)`,
  `create index outbox_unpublished on outbox (sequence) where published_at is null`,
  `create index outbox_published on outbox (published_at) where published_at is not null`,
  `create table inbox (
     consumer text not null, message_id uuid not null, type text not null, run_id uuid not null,
     received_at timestamptz not null default now(), primary key (consumer, message_id))`,
  `create index inbox_received on inbox (received_at)`,
  `create table dead_letter (
     id bigint generated always as identity primary key, topic text not null, key text, value text not null, reason text not null,
     received_at timestamptz not null default now())`,
  `create table idempotency_key (
     key text primary key, request_hash text not null, answer jsonb, created_at timestamptz not null default now())`,
  // Notifications are sent at commit: nobody wakes for rows that are not there yet.
  `create function notify_run_event() returns trigger language plpgsql as $$
   begin
     perform pg_notify('hiveferry_event', run_id::text) from (select distinct run_id from added) runs;
     return null;
   end $$`,
  `create trigger run_event_added after insert on run_event
     referencing new table as added for each statement execute function notify_run_event()`,
  `create function notify_outbox() returns trigger language plpgsql as $$
   begin
     perform pg_notify('hiveferry_outbox', '');
     return null;
   end $$`,
  `create trigger outbox_added after insert on outbox for each statement execute function notify_outbox()`,
];

export class InitialSchema1763690000000 implements MigrationInterface {
  readonly name = 'InitialSchema1763690000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('InitialSchema1763690000000 cannot be undone: restore a backup'));
  }
}
