import { partitionDirectory } from '../inventory/recorded-partition.ts';
import { escapePathName } from '../inventory/partition-name.ts';
import { isExternal, ownsItsFiles } from '../inventory/table-kind.ts';
import { parseCreate } from '../hiveql/parse/parse-create.ts';
import { unescapeLiteral } from '../hiveql/parse/unescape-literal.ts';
import { lastNameIn, parentOf, place, restBelow } from '../translate/place.ts';
import { copy, removeBelow, rowsOf } from './model-files.ts';
import type { Parameters } from '../model/table.ts';
import type { ModelMetastore, ModelTable, Side, TwoClusters } from './model-files.ts';

const NAME = '`([^`]+)`\\.`([^`]+)`';
const TEXT = "('(?:[^'\\\\]|\\\\.)*')";
const SPEC = /PARTITION \(([^)]*)\)(?: LOCATION ('(?:[^'\\]|\\.)*'))?/g;

interface Statement {
  readonly pattern: RegExp;
  readonly run: (at: { readonly clusters: TwoClusters; readonly side: Side }, parts: readonly string[], sql: string) => void;
}

/** What each statement that scripts hold does to the model; an unknown one is an error. */
export function execute(clusters: TwoClusters, side: Side, sql: string): void {
  const found = STATEMENTS.flatMap((statement) => {
    const match = new RegExp(`^${statement.pattern.source}`, 's').exec(sql);
    return match === null ? [] : [{ statement, parts: match.slice(1).map(textOf) }];
  })[0];
  if (found === undefined) throw new Error(`the model knows no such statement: ${sql}`);
  found.statement.run({ clusters, side }, found.parts, sql);
}

/** A literal as the text that it means; a part that is not there is empty. */
function textOf(part: string | undefined): string {
  return part?.startsWith("'") === true ? unescapeLiteral(part) : (part ?? '');
}

function statement(pattern: string, run: Statement['run']): Statement {
  return { pattern: new RegExp(pattern), run };
}

const STATEMENTS: readonly Statement[] = [
  statement('SET ', () => undefined),
  statement('CREATE DATABASE IF NOT EXISTS `([^`]+)`', ({ clusters, side }, [name = '']) => {
    if (clusters[side].databases.has(name)) return;
    const base = side === 'source' ? 'hdfs://SRC' : 'hdfs://TGT';
    clusters[side].databases.set(name, { location: `${base}/d/${name}.db`, managedLocation: `${base}/m/${name}.db` });
  }),
  statement(`ALTER DATABASE \`([^\`]+)\` SET (MANAGED)?LOCATION ${TEXT}`, ({ clusters, side }, [name = '', managed, location = '']) => {
    const known = clusters[side].databases.get(name) ?? { location: '', managedLocation: '' };
    clusters[side].databases.set(name, managed === '' ? { ...known, location } : { ...known, managedLocation: location });
  }),
  statement('CREATE (?:EXTERNAL )?TABLE ', ({ clusters, side }, _, sql) => create(clusters, side, sql)),
  statement(`DROP TABLE IF EXISTS ${NAME}`, ({ clusters, side }, [database, table]) => drop(clusters, side, `${database}.${table}`)),
  statement(`MSCK REPAIR TABLE ${NAME}`, ({ clusters, side }, [database, table]) =>
    repair(clusters, tableAt(clusters, side, `${database}.${table}`)),
  ),
  statement(`ALTER TABLE ${NAME} RENAME TO ${NAME}`, ({ clusters, side }, [db, name, db2, name2]) => {
    rename(clusters, side, [`${db}.${name}`, `${db2}.${name2}`]);
  }),
  statement(`ALTER TABLE ${NAME} SET LOCATION ${TEXT}`, ({ clusters, side }, [db, name, location = '']) => {
    const key = `${db}.${name}`;
    clusters[side].tables.set(key, { ...tableAt(clusters, side, key), location });
  }),
  statement(
    `ALTER TABLE ${NAME} PARTITION \\(([^)]*)\\) SET LOCATION ${TEXT}`,
    ({ clusters, side }, [db, name, spec = '', location = '']) => {
      tableAt(clusters, side, `${db}.${name}`).partitions.set(partitionOf(spec), location);
    },
  ),
  statement(`ALTER TABLE ${NAME} ADD IF NOT EXISTS`, ({ clusters, side }, [db, name], sql) => {
    const { partitions } = tableAt(clusters, side, `${db}.${name}`);
    if (sql.includes('__HIVE_DEFAULT_PARTITION__')) throw new Error('Hive refuses the default partition in ADD PARTITION');
    for (const [, spec = '', location = ''] of sql.matchAll(SPEC))
      if (!partitions.has(partitionOf(spec))) partitions.set(partitionOf(spec), textOf(location));
  }),
  statement(`ALTER TABLE ${NAME} DROP IF EXISTS`, ({ clusters, side }, [db, name], sql) => {
    for (const [, spec = ''] of sql.matchAll(SPEC)) tableAt(clusters, side, `${db}.${name}`).partitions.delete(partitionOf(spec));
  }),
  statement(`FROM ${NAME} INSERT OVERWRITE TABLE ${NAME}`, ({ clusters, side }, [db, from, db2, to]) => {
    const rows = rowsOf(clusters, side, `${db}.${from}`).map(rowAndPartition);
    insert(clusters, side, { table: tableAt(clusters, side, `${db2}.${to}`), rows });
  }),
  statement('DROP DATABASE IF EXISTS `([^`]+)` RESTRICT', ({ clusters, side }, [name = '']) => {
    const held = [...clusters[side].tables.keys()].filter((key) => key.startsWith(`${name}.`));
    if (held.length > 0) throw new Error(`${name} is not empty: ${held.join(', ')}`);
    clusters[side].databases.delete(name);
  }),
  statement(`ALTER TABLE ${NAME} SET TBLPROPERTIES`, ({ clusters, side }, [db, name], sql) => {
    const set = [...sql.matchAll(new RegExp(`${TEXT}=${TEXT}`, 'g'))].map(([, key, value]) => [textOf(key), textOf(value)] as const);
    withParameters(clusters[side], `${db}.${name}`, (held) => ({ ...held, ...Object.fromEntries(set) }));
  }),
  statement(`ALTER TABLE ${NAME} UNSET TBLPROPERTIES \\(${TEXT}\\)`, ({ clusters, side }, [db, name, key = '']) => {
    withParameters(clusters[side], `${db}.${name}`, (held) =>
      Object.fromEntries(Object.entries(held).filter(([property]) => property !== key)),
    );
  }),
  statement(`EXPORT TABLE ${NAME} TO ${TEXT}`, ({ clusters, side }, [db, name, location = '']) => {
    clusters.exports.set(location, rowsOf(clusters, side, `${db}.${name}`).map(rowAndPartition));
  }),
  statement(
    `IMPORT (EXTERNAL )?TABLE ${NAME} FROM ${TEXT}(?: LOCATION ${TEXT})?`,
    (at, [external, db = '', name = '', from = '', location = '']) => {
      importTable(at.clusters, at.side, { database: db, name, external: external !== '', from, location });
    },
  ),
];

/** EXTERNAL=TRUE makes a managed table external, as in Hive. */
function withParameters({ tables }: ModelMetastore, key: string, change: (held: Parameters) => Parameters): void {
  const found = tables.get(key);
  if (found === undefined) throw new Error(`${key} is not there`);
  const parameters = change(found.table.parameters);
  const tableType = parameters['EXTERNAL'] === 'TRUE' ? 'EXTERNAL_TABLE' : found.table.tableType;
  tables.set(key, { ...found, table: { ...found.table, parameters, tableType } });
}

function create(clusters: TwoClusters, side: Side, sql: string): void {
  const parsed = parseCreate(sql, { database: 'unsaid' });
  if (parsed.kind !== 'parsed') throw new Error(`not a CREATE: ${sql}`);
  const { table } = parsed;
  const key = `${table.database}.${table.name}`;
  if (clusters[side].tables.has(key)) {
    if (/^CREATE (EXTERNAL )?TABLE IF NOT EXISTS /.test(sql)) return;
    throw new Error(`${key} exists already`);
  }
  const database = clusters[side].databases.get(table.database);
  const base = isExternal(table) ? database?.location : database?.managedLocation;
  clusters[side].tables.set(key, { table, location: table.storage.location ?? place(base, table.name), partitions: new Map() });
}

function drop(clusters: TwoClusters, side: Side, key: string): void {
  const found = clusters[side].tables.get(key);
  if (found === undefined) return;
  clusters[side].tables.delete(key);
  if (isExternal(found.table) && !ownsItsFiles(found.table)) return;
  for (const location of [found.location, ...found.partitions.values()]) removeBelow(clusters, location);
}

function repair({ files }: TwoClusters, { location, partitions }: ModelTable): void {
  for (const path of files.keys()) {
    const [directory = '', ...below] = (restBelow(path, location) ?? '').split('/');
    if (directory.includes('=') && below.length > 0 && !partitions.has(directory)) partitions.set(directory, place(location, directory));
  }
}

/** Hive takes the directory of a managed table along when it lies under the table's own name. */
function rename(clusters: TwoClusters, side: Side, [from, to]: readonly [string, string]): void {
  const found = tableAt(clusters, side, from);
  clusters[side].tables.delete(from);
  const name = to.slice(to.indexOf('.') + 1);
  if (isExternal(found.table) || lastNameIn(found.location) !== found.table.name) {
    clusters[side].tables.set(to, { ...found, table: { ...found.table, name } });
    return;
  }
  const location = place(parentOf(found.location), name);
  copy(clusters, found.location, location);
  removeBelow(clusters, found.location);
  const partitions = new Map([...found.partitions].map(([partition, at]) => [partition, moved(at, found.location, location)]));
  clusters[side].tables.set(to, { table: { ...found.table, name }, location, partitions });
}

function moved(at: string, from: string, to: string): string {
  const rest = restBelow(at, from);
  return rest === undefined ? at : place(to, rest);
}

interface Insert {
  readonly table: ModelTable;
  readonly rows: readonly { readonly partition: string; readonly row: string }[];
}

function insert(clusters: TwoClusters, side: Side, { table, rows }: Insert): void {
  for (const partition of new Set(rows.map((one) => one.partition))) {
    const at =
      partition === '' ? table.location : (table.partitions.get(partition) ?? place(table.location, partitionDirectory(partition)));
    removeBelow(clusters, at);
    if (partition !== '') table.partitions.set(partition, at);
    const own = rows.filter((one) => one.partition === partition);
    own.forEach(({ row }, index) => clusters.files.set(place(at, `ins-${index}`), { row, writtenBy: side }));
  }
}

interface Import {
  readonly database: string;
  readonly name: string;
  readonly external: boolean;
  readonly from: string;
  readonly location: string;
}

function importTable(clusters: TwoClusters, side: Side, { database, name, external, from, location }: Import): void {
  const rows = clusters.exports.get(from) ?? [];
  const like = [...clusters.source.tables.values()].find(({ table }) => table.name === name || table.name === `${name}_archive`);
  if (like === undefined) throw new Error(`nothing was exported as ${name}`);
  const table = { ...like.table, database, name, tableType: external ? ('EXTERNAL_TABLE' as const) : like.table.tableType };
  const base = clusters[side].databases.get(database)?.[external ? 'location' : 'managedLocation'];
  const made = { table, location: location === '' ? place(base, name) : location, partitions: new Map<string, string>() };
  clusters[side].tables.set(`${database}.${name}`, made);
  insert(clusters, side, { table: made, rows });
}

function tableAt(clusters: TwoClusters, side: Side, key: string): ModelTable {
  const found = clusters[side].tables.get(key);
  if (found === undefined) throw new Error(`${key} is not on the ${side}`);
  return found;
}

/** `` `dt`='x' `` as Hive's name of the partition. */
function partitionOf(spec: string): string {
  return [...spec.matchAll(/`([^`]+)`=('(?:[^'\\]|\\.)*')/g)]
    .map(([, key = '', value = '']) => `${escapePathName(key)}=${escapePathName(unescapeLiteral(value))}`)
    .join('/');
}

function rowAndPartition(text: string): { readonly partition: string; readonly row: string } {
  const at = text.indexOf('|');
  return { partition: text.slice(0, at), row: text.slice(at + 1) };
}
