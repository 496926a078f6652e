import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column, StorageDescriptor, Table } from '../../model/table.ts';
import { ORC_FORMAT, TEXT_FORMAT } from '../../testing/builders.ts';
import { createTable } from '../create-table.ts';
import { createView, shownMaterializedView } from '../create-view.ts';
import { parseCreate } from './parse-create.ts';

/** Keywords, quotes, escapes, what splits statements, control characters, all of Unicode. */
const hostile = fc.oneof(
  fc.constantFrom(
    'select',
    'primary',
    "it's",
    'a`b',
    '``',
    'a;b',
    '--',
    '$(id)',
    '${x}',
    '../..',
    '%2F',
    'a=b',
    "\\'",
    '\\',
    '\n',
    'größe',
    '表',
    'x'.repeat(767),
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const name = hostile.filter((text) => text !== '' && !text.toLowerCase().startsWith('shop.'));

/** Names inside struct types: the model's own text has no quoting for what ends a name there. */
const fieldName = fc.oneof(fc.constantFrom('date', 'x', 'a-b', '$c', 'a b'), fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/));
const { type } = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom('int', 'string', 'decimal(10,2)', 'varchar(767)', 'timestamp', 'double', 'binary'),
    tie('type').map((inner) => `array<${inner}>`),
    tie('type').map((inner) => `map<string,${inner}>`),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((inner) => `uniontype<${inner.join(',')}>`),
    fc
      .array(fc.tuple(fieldName, tie('type')), { minLength: 1, maxLength: 3 })
      .map((fields) => `struct<${fields.map(([field, inner]) => `${field}:${inner}`).join(',')}>`),
  ),
}));

const comment = fc.option(
  hostile.filter((text) => text !== ''),
  { nil: undefined },
);
const column = fc
  .record({ name, type, comment })
  .map(({ comment: text, ...rest }): Column => (text === undefined ? rest : { ...rest, comment: text }));
const columns = (minLength: number): fc.Arbitrary<readonly Column[]> =>
  fc.uniqueArray(column, { minLength, maxLength: 4, selector: (item) => item.name });
const parameters = fc.dictionary(
  hostile.filter((key) => key !== 'comment'),
  hostile,
  { maxKeys: 4 },
);

const bucketing = fc.oneof(
  fc.constant({ numBuckets: 0, bucketColumns: [], sortColumns: [] }),
  fc.record({
    numBuckets: fc.integer({ min: 1, max: 4096 }),
    bucketColumns: fc.array(name, { minLength: 1, maxLength: 2 }),
    sortColumns: fc.array(fc.record({ column: name, order: fc.constantFrom('ASC' as const, 'DESC' as const) }), { maxLength: 2 }),
  }),
);
const skew = fc.oneof(
  fc.constant({ storedAsSubDirectories: false }),
  fc.record({
    skewed: fc.record({
      columns: fc.array(name, { minLength: 1, maxLength: 2 }),
      values: fc.array(fc.array(hostile, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
    }),
    storedAsSubDirectories: fc.boolean(),
  }),
);

const storage = fc
  .record({ columns: columns(1), location: hostile, bucketing, skew, format: fc.constantFrom(TEXT_FORMAT, ORC_FORMAT), serde: parameters })
  .map(({ columns: own, location, bucketing: buckets, skew: skewed, format, serde }): StorageDescriptor => ({
    ...format,
    columns: own,
    location,
    compressed: false,
    ...buckets,
    ...skewed,
    serde: { ...format.serde, parameters: { 'serialization.format': '1', ...serde } },
    parameters: {},
  }));

const table = fc
  .record({ database: name, name, storage, partitionKeys: columns(0), parameters, comment })
  .map(({ comment: text, ...rest }): Table => ({
    ...rest,
    tableType: 'EXTERNAL_TABLE',
    parameters: { ...rest.parameters, EXTERNAL: 'TRUE', ...(text === undefined ? {} : { comment: text }) },
  }));

/** Query text is printed and read as it stands; what surrounds it is white space. */
const query = hostile.map((text) => `SELECT ${text} x`);
const view = fc.record({ database: name, name, columns: columns(1), parameters, query }).map((parts): Table => ({
  database: parts.database,
  name: parts.name,
  tableType: 'VIRTUAL_VIEW',
  storage: {
    columns: parts.columns.some((item) => item.comment !== undefined) ? parts.columns.map((item) => ({ ...item, type: '' })) : [],
    compressed: false,
    numBuckets: 0,
    bucketColumns: [],
    sortColumns: [],
    storedAsSubDirectories: false,
    serde: { parameters: {} },
    parameters: {},
  },
  partitionKeys: [],
  parameters: parts.parameters,
  viewOriginalText: parts.query,
  viewExpandedText: parts.query,
}));

describe('what our printers print', () => {
  it('is read back as the same table', () => {
    fc.assert(
      fc.property(table, fc.boolean(), (given, ifNotExists) => {
        const result = parseCreate(createTable(given, { ifNotExists }), { database: 'shop' });
        expect(result).toEqual({ kind: 'parsed', table: given, temporary: false, constraints: [], partitionTransforms: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('is read back as the same managed table', () => {
    fc.assert(
      fc.property(table, (external) => {
        const { EXTERNAL: _, ...parameters } = external.parameters;
        const given: Table = { ...external, tableType: 'MANAGED_TABLE', parameters };
        const result = parseCreate(createTable(given, { ifNotExists: true, kind: 'managed' }), { database: 'shop' });
        expect(result).toMatchObject({ kind: 'parsed', table: given });
      }),
    );
  });

  it('is read back as the same table of a storage handler', () => {
    const handler = 'org.apache.iceberg.mr.hive.HiveIcebergStorageHandler';
    fc.assert(
      fc.property(table, ({ storage: { inputFormat: _, outputFormat: __, ...described }, ...rest }) => {
        const handled = { ...described, serde: { parameters: described.serde.parameters } };
        const given: Table = { ...rest, storage: handled };
        const result = parseCreate(createTable(given, { ifNotExists: true, storedBy: `'${handler}'` }), { database: 'shop' });
        expect(result).toMatchObject({
          kind: 'parsed',
          table: { ...given, parameters: { ...given.parameters, storage_handler: handler } },
        });
      }),
    );
  });

  it('is read back as the same view', () => {
    fc.assert(
      fc.property(view, (given) => {
        expect(parseCreate(createView(given), { database: 'shop' })).toMatchObject({ kind: 'parsed', table: given });
        const { database, name, viewOriginalText } = given;
        const materialized = { database, name, viewOriginalText, tableType: 'MATERIALIZED_VIEW' };
        expect(parseCreate(shownMaterializedView(given), { database: 'other' })).toMatchObject({ kind: 'parsed', table: materialized });
      }),
    );
  });
});
