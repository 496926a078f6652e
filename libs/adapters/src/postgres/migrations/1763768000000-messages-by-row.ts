import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row of the outbox is one message again, which may tell of many tasks. Of rows that hold several each line becomes a row, in the order of all. */
const STATEMENTS = [
  `with waiting as (delete from outbox returning sequence, id, topic, key, value, headers, messages),
   lines as (
     select w.*, l.line, l.place, case when w.messages > 1 then l.line::jsonb end as message
     from waiting w cross join lateral unnest(
       case when w.messages > 1 then string_to_array(w.value, e'\\n') else array[w.value] end) with ordinality as l (line, place))
   insert into outbox (id, topic, key, value, headers)
   select coalesce((message ->> 'id')::uuid, id), topic, coalesce(message ->> 'key', key), line,
     case when messages = 1 then headers else jsonb_build_object('type', message ->> 'type', 'version', message ->> 'version', 'traceparent',
       '00-' || replace(lower(message ->> 'runId'), '-', '') || '-' || right(replace(lower(message ->> 'id'), '-', ''), 16) || '-01') end
   from lines order by sequence, place`,
  `alter table outbox drop column messages`,
];

export class MessagesByRow1763768000000 implements MigrationInterface {
  readonly name = 'MessagesByRow1763768000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('MessagesByRow1763768000000 cannot be undone: restore a backup'));
  }
}
