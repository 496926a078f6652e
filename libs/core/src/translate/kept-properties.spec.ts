import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCreate } from '../hiveql/parse/parse-create.ts';
import type { Decision } from '../model/plan.ts';
import type { TableScript } from '../model/script-plan.ts';
import type { Parameters, Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { aTable, anInput } from '../testing/builders.ts';
import { PROMISES } from '../testing/promises.ts';
import { aRecorded, scriptOf } from '../testing/script-builders.ts';

/** Keys that some rule knows, in several spellings, and such as users invent. */
const key = fc.oneof(
  fc.constantFrom('numFiles', 'totalSize', 'COLUMN_STATS_ACCURATE', 'transient_lastDdlTime', 'last_modified_by', 'EXTERNAL', 'external'),
  fc.constantFrom('external.table.purge', 'discover.partitions', 'bucketing_version', 'orc.compress', 'TRANSLATED_TO_EXTERNAL', 'comment'),
  fc.constantFrom('transactional_properties', 'skip.header.line.count', 'avro.schema.literal', 'my key', "o'hara", 'x;y', 'k=v'),
);
const parameters = fc.dictionary(key, fc.constantFrom('true', 'false', '2', "it's", ''), { maxKeys: 8 });
const kind = fc.constantFrom('external', 'managed', 'acid');

/** Keys of one side that the other does not hold with the same value, and that no decision names. */
function unexplained(held: Parameters, other: Parameters, decisions: readonly Decision[]): readonly string[] {
  const said = decisions.map(({ reason }) => reason).join('\n');
  return Object.keys(held).filter((name) => other[name] !== held[name] && !said.includes(name));
}

function madeBy({ name, statements }: TableScript): readonly Table[] {
  const texts = statements.filter(({ purpose }) => purpose === 'create-table').map(({ sql }) => parseCreate(sql, { database: 'unsaid' }));
  return texts.flatMap((parsed) => (parsed.kind === 'parsed' && parsed.table.name === name ? [parsed.table] : []));
}

/** What CREATE EXTERNAL says, and what the parser adds for it. */
const withoutExternal = ({ EXTERNAL: _said, ...others }: Parameters): Parameters => others;

describe('a table property', () => {
  it.each(PROMISES)('is kept or named with the rule that drops it, by $title', ({ overrides }) => {
    let made = 0;
    fc.assert(
      fc.property(parameters, kind, (held, of) => {
        const own = of === 'acid' ? { ...held, transactional: 'true' } : held;
        const source = aRecorded('orders', { tableType: of === 'external' ? 'EXTERNAL_TABLE' : 'MANAGED_TABLE', parameters: own });
        const script = scriptOf(source, overrides);
        for (const table of madeBy(script)) {
          made += 1;
          const after = withoutExternal(table.parameters);
          expect(unexplained(own, after, script.decisions)).toEqual([]);
          expect(unexplained(after, own, script.decisions), 'added').toEqual([]);
        }
      }),
    );
    expect(made > 0 || !/SCHEMA_ONLY|LINKED|COMMON|SQL/.test(overrides.strategy ?? 'SCHEMA_ONLY')).toBe(true);
  });

  it.each(['SCHEMA_ONLY', 'LINKED'] as const)('is kept or named with the rule that drops it, by the service and %s', (strategy) => {
    fc.assert(
      fc.property(parameters, kind, (held, of) => {
        const table = aTable({ parameters: held, tableType: of === 'managed' ? 'MANAGED_TABLE' : 'EXTERNAL_TABLE' });
        const { expected, decisions } = planTable(anInput({ table, settings: { strategy } }));
        if (expected !== undefined) expect(unexplained(held, expected.parameters, decisions)).toEqual([]);
      }),
    );
  });
});
