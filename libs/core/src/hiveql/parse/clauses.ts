import type { TableConstraint } from '../../model/constraint.ts';
import type { Column, Parameters, SkewedInfo, SortColumn } from '../../model/table.ts';
import { readColumns } from './columns.ts';
import { readColumnNames, readList, readSortColumns } from './names.ts';
import { readProperties, readRowFormat, readStored } from './storage-clauses.ts';
import type { StorageClauses } from './storage-clauses.ts';
import type { TokenReader } from './token-reader.ts';

/** What the clauses after the column list say; absent is not said. */
export interface Clauses extends StorageClauses {
  readonly comment?: string;
  readonly partitionKeys?: readonly Column[];
  /** `PARTITIONED ON (...)` of a view: names alone. */
  readonly partitionNames?: readonly string[];
  /** `PARTITIONED BY SPEC (...)`, Iceberg: as written. */
  readonly partitionTransforms?: readonly string[];
  readonly bucketColumns?: readonly string[];
  readonly numBuckets?: number;
  readonly sortColumns?: readonly SortColumn[];
  readonly skewed?: SkewedInfo;
  readonly location?: string;
  readonly parameters?: Parameters;
  readonly keyConstraints?: readonly TableConstraint[];
}

interface ClauseReader {
  readonly keyword: string;
  readonly read: (reader: TokenReader, database: string) => Clauses;
}

/** One clause each, told by its first word; Hive's order is not asked for. */
const CLAUSES: readonly ClauseReader[] = [
  { keyword: 'COMMENT', read: (reader) => ({ comment: reader.string('a comment') }) },
  { keyword: 'PARTITIONED', read: readPartitioning },
  { keyword: 'CLUSTERED', read: readClustering },
  { keyword: 'SKEWED', read: readSkew },
  { keyword: 'ROW', read: (reader) => (reader.expect('FORMAT'), readRowFormat(reader)) },
  { keyword: 'STORED', read: readStored },
  { keyword: 'LOCATION', read: (reader) => ({ location: reader.string('a location') }) },
  { keyword: 'TBLPROPERTIES', read: (reader) => ({ parameters: readProperties(reader) }) },
];

/** Reads clauses until something else comes; one that comes twice is a fault. */
export function readClauses(reader: TokenReader, database: string): Clauses {
  let clauses: Clauses = {};
  for (;;) {
    const clause = CLAUSES.find(({ keyword }) => reader.isAt(keyword));
    if (clause === undefined) return clauses;
    const keyword = reader.take();
    const said = clause.read(reader, database);
    if (Object.keys(said).some((key) => key in clauses)) throw reader.fault('each clause once', keyword);
    clauses = { ...clauses, ...said };
  }
}

/** For faults: what may come where a clause may. */
export const CLAUSE_WORDS: string = CLAUSES.map(({ keyword }) => keyword).join(', ');

function readPartitioning(reader: TokenReader, database: string): Clauses {
  if (reader.accept('ON')) return { partitionNames: readColumnNames(reader) };
  if (!reader.isAt('BY')) throw reader.fault('BY or ON');
  reader.take();
  if (reader.accept('SPEC')) return { partitionTransforms: readTransforms(reader) };
  const { columns, constraints } = readColumns(reader, database);
  return constraints.length === 0 ? { partitionKeys: columns } : { partitionKeys: columns, keyConstraints: constraints };
}

/** Each as written: `` BUCKET(16, `id`) `` holds a comma of its own. */
function readTransforms(reader: TokenReader): readonly string[] {
  return readList(reader, () => {
    const { start } = reader.next;
    reader.identifier('a column name or a transform');
    if (reader.isAtSymbol('(')) readList(reader, () => reader.take());
    return reader.since(start);
  });
}

function readClustering(reader: TokenReader): Clauses {
  reader.expect('BY');
  const bucketColumns = readColumnNames(reader);
  const sorting = reader.accept('SORTED', 'BY') ? { sortColumns: readSortColumns(reader) } : {};
  reader.expect('INTO');
  const numBuckets = Number(reader.next.text);
  if (reader.next.kind !== 'word' || !Number.isSafeInteger(numBuckets)) throw reader.fault('a number of buckets');
  reader.take();
  reader.expect('BUCKETS');
  return { bucketColumns, numBuckets, ...sorting };
}

function readSkew(reader: TokenReader): Clauses {
  reader.expect('BY');
  const columns = readColumnNames(reader);
  reader.expect('ON');
  const values = readList(reader, () => (reader.isAtSymbol('(') ? readList(reader, () => readSkewValue(reader)) : [readSkewValue(reader)]));
  return { skewed: { columns, values } };
}

function readSkewValue(reader: TokenReader): string {
  if (reader.next.kind === 'string' || reader.next.kind === 'word') return reader.take().text;
  throw reader.fault('a value');
}
