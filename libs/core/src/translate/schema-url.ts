import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { Decision } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { place, restBelow } from './place.ts';
import { schemaUrlOf } from './schema-file.ts';

const KEY = 'avro.schema.url';

interface FollowedUrl {
  readonly table: Table;
  readonly issues: readonly Issue[];
  readonly decisions: readonly Decision[];
}

/**
 * The schema file of an Avro table: in the table directory it goes along, and the property follows; elsewhere the target reads it where
 * it is, which is told.
 *
 * @param to the new directory; undefined when Hive chooses it
 */
export function followSchemaUrl(
  table: Table,
  { subject, from, to }: { subject: string; from: string; to: string | undefined },
): FollowedUrl {
  const url = schemaUrlOf(table);
  if (url === undefined || url === '' || to === from) return { table, issues: [], decisions: [] };
  const rest = restBelow(url, from);
  if (rest === undefined || to === undefined) return { table, issues: [issue('SCHEMA_URL_AT_SOURCE', subject, { url })], decisions: [] };
  const moved = place(to, rest);
  const { serde } = table.storage;
  const follow = (held: Table['parameters']): Table['parameters'] => (KEY in held ? { ...held, [KEY]: moved } : held);
  return {
    table: {
      ...table,
      parameters: follow(table.parameters),
      storage: { ...table.storage, serde: { ...serde, parameters: follow(serde.parameters) } },
    },
    issues: [],
    decisions: [{ rule: 'path-follows-table', reason: `${KEY} lies in the table directory and becomes ${moved}` }],
  };
}
