import { parseCreate } from '@hiveferry/core';
import type { ParsedCreate, Table } from '@hiveferry/core';
import { describe, expect, it } from 'vitest';
import { readRecords } from './recording.ts';
import type { LabSide, RecordedDdl } from './recording.ts';

const VERSIONS = [
  ['3.1.3', 'source'],
  ['4.0.1', 'target'],
] as const;

function parsed({ lines, table }: RecordedDdl): ParsedCreate {
  const result = parseCreate(lines.join('\n'), { database: table.database });
  if (result.kind !== 'parsed') throw new Error(`${lines.join('\n')}\n${result.message}`);
  return result;
}

/** What the text can say of a table. */
function sayable(table: Table, side: LabSide): Table {
  const { owner: _, ...owned } = table;
  if (table.tableType === 'VIRTUAL_VIEW') return ofView(owned, side);
  if (table.tableType === 'MATERIALIZED_VIEW') return ofMaterializedView(owned);
  return withHiddenDefault(asHive3AsksTheSerDe(withoutInternals(owned), side));
}

/** Its expanded text, and in 4.0.1 the names of its partition columns; no columns, comments, properties. */
function ofView(view: Table, side: LabSide): Table {
  return {
    ...view,
    storage: { ...view.storage, columns: [] },
    parameters: {},
    viewOriginalText: view.viewExpandedText ?? '',
    partitionKeys: side === 'source' ? [] : view.partitionKeys.map(({ name }) => ({ name, type: '' })),
  };
}

/** Both Hives print it as a managed table, without its query. */
function ofMaterializedView({ viewOriginalText: _, viewExpandedText: __, ...view }: Table): Table {
  return withHiddenDefault({ ...view, tableType: 'MANAGED_TABLE' });
}

/** SHOW CREATE TABLE hides `serialization.format` when it is 1; 4.0.1 stores transactional tables and materialised views without it. */
function withHiddenDefault(table: Table): Table {
  const { serde } = table.storage;
  return { ...table, storage: { ...table.storage, serde: { ...serde, parameters: { 'serialization.format': '1', ...serde.parameters } } } };
}

/** 3.1.3 does not print the mark that a bucketed table's files are sorted by Hive itself. */
function withoutInternals(table: Table): Table {
  const { SORTBUCKETCOLSPREFIX: _, ...parameters } = table.parameters;
  return { ...table, parameters };
}

/** 3.1.3 takes the columns of this SerDe from the SerDe itself, whose answer has one comment for all. */
function asHive3AsksTheSerDe(table: Table, side: LabSide): Table {
  const { columns, serde } = table.storage;
  if (side !== 'source' || serde.serializationLib !== 'org.apache.hadoop.hive.serde2.OpenCSVSerde') return table;
  return { ...table, storage: { ...table.storage, columns: columns.map((column) => ({ ...column, comment: 'from deserializer' })) } };
}

describe.each(VERSIONS)('SHOW CREATE TABLE of Hive %s', (_, side) => {
  it.each(readRecords(side).map((record) => [`${record.table.database}.${record.table.name}`, record] as const))(
    'says of %s what Thrift says',
    (__, record) => {
      expect(parsed(record).table).toEqual(sayable(record.table, side));
    },
  );
});

describe('constraints', () => {
  const constraintsOf = (side: LabSide) =>
    readRecords(side).flatMap((record) => (record.table.name === 'constraints' ? parsed(record).constraints : []));

  it('are not printed by 3.1.3', () => {
    expect(constraintsOf('source')).toEqual([]);
  });

  it('are printed by 4.0.1, the default without its name', () => {
    const traits = ['NOVALIDATE', 'RELY'];
    expect(constraintsOf('target')).toEqual([
      { kind: 'PRIMARY_KEY', name: 'pk_0', columns: ['a'], traits: ['DISABLE', ...traits] },
      { kind: 'UNIQUE', name: 'uk_0', columns: ['c'], traits: ['DISABLE', ...traits] },
      { kind: 'DEFAULT', columns: ['b'], expression: "'x, y'", traits: ['ENABLE', ...traits] },
      { kind: 'NOT_NULL', name: 'nn_0', columns: ['a'], traits: ['ENABLE', ...traits] },
    ]);
  });
});
