import { DEFAULT_PARTITION, partitionName } from '@hiveferry/core';
import type { Column, Table } from '@hiveferry/core';
import {
  createManagedDatabase,
  dropDatabase,
  setDatabaseLocation,
  setDatabaseOwner,
  setDatabaseProperty,
  setManagedLocation,
} from '../../../libs/core/src/hiveql/alter-database.ts';
import { addConstraint, constrainColumn } from '../../../libs/core/src/hiveql/add-constraint.ts';
import { createDatabase } from '../../../libs/core/src/hiveql/create-database.ts';
import { createTable } from '../../../libs/core/src/hiveql/create-table.ts';
import { createView } from '../../../libs/core/src/hiveql/create-view.ts';
import * as scripts from '../../../libs/core/src/hiveql/script-statements.ts';
import { addPartitions, countRows, dropTable, setOwner, setPartitionFormat } from '../../../libs/core/src/hiveql/statements.ts';
import { ORC_FORMAT, aDescriptor, aTable } from '../../../libs/core/src/testing/builders.ts';
import type { HiveVersion } from './hive-oracle.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** A statement that one of our printers prints, and the Hives whose grammar has it. */
export interface PrintedStatement {
  readonly printer: string;
  readonly sql: string;
  readonly versions: readonly HiveVersion[];
}

const BOTH: readonly HiveVersion[] = ['3.1.3', '4.0.1'];
const ONLY_4: readonly HiveVersion[] = ['4.0.1'];

/** Every statement that we print, with each hostile text as every name and value in it. */
export function printedStatements(): readonly PrintedStatement[] {
  return HOSTILE_TEXTS.flatMap((text) => [
    ...ofTables(text),
    ...ofPartitions(text),
    ...ofConstraints(text),
    ...ofMoves(text),
    ...ofDatabases(text),
  ]);
}

const say = (printer: string, sql: string, versions = BOTH): PrintedStatement => ({ printer, sql, versions });

function ofTables(text: string): readonly PrintedStatement[] {
  const name = { database: text, table: text };
  return [
    say('createTable', createTable(hostileTable(text))),
    say(
      'createTable without columns',
      createTable({ ...hostileTable(text), storage: { ...hostileTable(text).storage, columns: [] } }, { ifNotExists: false }),
    ),
    say('createView', createView(hostileView(text))),
    say('dropTable', dropTable(name)),
    say('dropView', scripts.dropView(name)),
    say('countRows', countRows(name)),
    ...(['USER', 'ROLE', 'GROUP'] as const).map((type) => say(`setOwner ${type}`, setOwner(name, { name: text, type }))),
    say('setTableProperties', scripts.setTableProperties(name, { [text]: text, k: '' })),
    say('unsetTableProperty', scripts.unsetTableProperty(name, text)),
  ];
}

function ofPartitions(text: string): readonly PrintedStatement[] {
  const name = { database: text, table: text };
  const keys: readonly Column[] = [
    { name: text, type: 'string' },
    { name: 'dt', type: 'date' },
  ];
  const values = [text, DEFAULT_PARTITION];
  const at = { name: partitionName(keys, values), location: `hdfs://nn/${text}` };
  return [
    say(
      'addPartitions',
      addPartitions(name, keys, [
        { values, location: at.location },
        { values: ['', text], location: text },
      ]),
    ),
    say('addPartitionsAt', scripts.addPartitionsAt(name, [at, at])),
    say('dropPartitions', scripts.dropPartitions(name, [at.name, at.name])),
    say('setPartitionLocation', scripts.setPartitionLocation(name, at)),
    say('repairPartitions', scripts.repairPartitions(name)),
    ...setPartitionFormat(name, keys, {
      values: [text, '2026-01-01'],
      storage: aDescriptor({ ...ORC_FORMAT, inputFormat: text, serde: { ...ORC_FORMAT.serde, parameters: { [text]: text } } }),
    }).map((sql, index) => say(`setPartitionFormat ${index}`, sql)),
  ];
}

function ofConstraints(text: string): readonly PrintedStatement[] {
  const name = { database: text, table: text };
  const references = { table: name, columns: [text, 'u'] };
  const key = { name: text, columns: [text, 'u'], traits: [] };
  const column = { name: text, type: 'struct<a b:int>' };
  return [
    say('addConstraint PRIMARY KEY', addConstraint(name, { kind: 'PRIMARY_KEY', ...key }, 'DISABLE NOVALIDATE RELY')),
    say('addConstraint UNIQUE', addConstraint(name, { kind: 'UNIQUE', ...key }, 'DISABLE NOVALIDATE NORELY')),
    say('addConstraint FOREIGN KEY', addConstraint(name, { kind: 'FOREIGN_KEY', ...key, references }, 'DISABLE NOVALIDATE RELY')),
    say('constrainColumn NOT NULL', constrainColumn(name, { kind: 'NOT_NULL', column }, 'DISABLE NOVALIDATE RELY')),
    say('constrainColumn DEFAULT', constrainColumn(name, { kind: 'DEFAULT', expression: '5', column }, 'ENABLE NOVALIDATE NORELY')),
  ];
}

function ofMoves(text: string): readonly PrintedStatement[] {
  const name = { database: text, table: text };
  return [
    say('renameTable', scripts.renameTable(name, { database: text, table: `${text}_archive` })),
    say('setLocation', scripts.setLocation(name, text)),
    say('exportTable', scripts.exportTable(name, text)),
    say('importTable', scripts.importTable(name, { from: text, external: true, location: text })),
    say('importTable managed', scripts.importTable(name, { from: text, external: false })),
    say('insertAll', scripts.insertAll({ from: name, to: name, partitionedBy: [text, 'dt'], distributeBy: ['`dt`'] })),
    say('insertAll without partitions', scripts.insertAll({ from: name, to: name, partitionedBy: [], distributeBy: [] })),
  ];
}

function ofDatabases(text: string): readonly PrintedStatement[] {
  const full = { name: text, comment: text, location: text, managedLocation: text };
  return [
    say('createDatabase', createDatabase({ name: text, description: text, locationUri: text, parameters: { [text]: text } })),
    say('createManagedDatabase', createManagedDatabase(full), ONLY_4),
    say('setDatabaseLocation', setDatabaseLocation(text, text)),
    say('setManagedLocation', setManagedLocation(text, text), ONLY_4),
    say('setDatabaseProperty', setDatabaseProperty(text, text, text)),
    say('setDatabaseOwner', setDatabaseOwner(text, text, true)),
    say('dropDatabase', dropDatabase(text)),
  ];
}

function hostileTable(text: string): Table {
  const column: Column = { name: text, type: 'struct<date:int,a b:int,größe-1:int,x:array<map<string,decimal(10,2)>>>', comment: text };
  return aTable({
    database: text,
    name: text,
    parameters: { comment: text, [`k${text}`]: text },
    partitionKeys: [{ name: `p${text}`, type: 'string', comment: text }],
    storage: aDescriptor({
      columns: [column, { name: 'u', type: 'uniontype<int,struct<a:string>>' }],
      location: text,
      inputFormat: text,
      outputFormat: text,
      serde: { serializationLib: ORC_FORMAT.serde.serializationLib, parameters: { [text]: text } },
      numBuckets: 4,
      bucketColumns: [text, 'u'],
      sortColumns: [{ column: text, order: 'DESC' }],
      skewed: {
        columns: [text, 'u'],
        values: [
          [text, text],
          ['1', ''],
        ],
      },
      storedAsSubDirectories: true,
    }),
  });
}

function hostileView(text: string): Table {
  const columns = [{ name: text, type: 'int', comment: text }];
  const view = aTable({
    database: text,
    name: text,
    tableType: 'VIRTUAL_VIEW',
    parameters: { comment: text, [`k${text}`]: text },
    storage: { columns },
  });
  return { ...view, viewOriginalText: "SELECT 1 AS `a`, 'it\\'s; x' AS b FROM `db`.`t`" };
}
