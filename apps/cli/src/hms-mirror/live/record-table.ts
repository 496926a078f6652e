import { MigrationError, parseCreate, showCreateTable, shownMaterializedView, sizeInParameters } from '@hiveferry/core';
import type { CopySize, Partition, Table, TableName } from '@hiveferry/core';
import type { RecordedSide, RecordedSize } from './data-set-text.ts';
import type { OpenSide } from './open-side.ts';

/** A table as a data set says it: its definition, and what that does not say, its owner, partitions and size. @returns undefined when it went away meanwhile */
export async function recordTable(side: OpenSide, name: TableName, say: (line: string) => void): Promise<RecordedSide | undefined> {
  const definition = await definitionOf(side, name, say);
  if (definition === undefined) return undefined;
  const parsed = parseCreate(definition.join('\n'), { database: name.database });
  if (parsed.kind === 'syntax-error') return { definition, partitionKeys: [], partitions: [] };
  const described = await describedTable(side, name);
  if (described?.tableType === 'MATERIALIZED_VIEW') return recordedView(described);
  const owner = described?.owner === undefined ? {} : { owner: described.owner.name };
  const { partitionKeys } = parsed.table;
  if (partitionKeys.length === 0 || parsed.partitionTransforms.length > 0) {
    const size = described === undefined || partitionKeys.length > 0 ? undefined : sizeInParameters(described.parameters);
    return { definition, partitionKeys: [], partitions: [], ...owner, ...(size === undefined ? {} : { size }) };
  }
  const partitions: Partition[] = [];
  await side.ask(async () => {
    for await (const page of side.clients.partitions.partitions(name.database, name.table)) partitions.push(...page);
  });
  const size = sumOf(partitions);
  return { definition, partitionKeys, partitions, ...owner, ...(size === undefined ? {} : { size }) };
}

/** Hive 3 shows the table below it, which must not be planned as one. */
function recordedView(view: Table): RecordedSide {
  const owner = view.owner === undefined ? {} : { owner: view.owner.name };
  return { definition: shownMaterializedView(view).split('\n'), partitionKeys: [], partitions: [], ...owner };
}

/** Over the way by which partitions are read. What only adds to a definition is left out where it cannot be read. */
async function describedTable({ clients, ask }: OpenSide, { database, table }: TableName): Promise<Table | undefined> {
  const [found] = await ask(() => clients.partitions.tables(database, [table], { onUnreadable: () => undefined }));
  return found;
}

/** By the statistics of Hive; one partition that has none makes the sum unknown. */
function sumOf(partitions: readonly Partition[]): RecordedSize | undefined {
  const sizes = partitions.map(({ parameters }) => sizeInParameters(parameters));
  const known = sizes.filter((size): size is CopySize => size !== undefined);
  if (known.length < sizes.length) return undefined;
  return {
    bytes: known.reduce((sum, { bytes }) => sum + bytes, 0),
    files: known.reduce((sum, { files }) => sum + files, 0),
    partitions: partitions.length,
  };
}

/** Table or database not found. */
const GONE = new Set<unknown>([10_001, 10_072]);

async function definitionOf(side: OpenSide, name: TableName, say: (line: string) => void): Promise<readonly string[] | undefined> {
  try {
    const rows = await side.inSession((session) => session.query(showCreateTable(name)));
    return rows.map(([line]) => line ?? '');
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'HIVE_STATEMENT_FAILED') throw error;
    if (GONE.has(error.detail['errorCode'])) return undefined;
    say(`${name.database}.${name.table} cannot be read. ${error.message}`);
    return [];
  }
}
