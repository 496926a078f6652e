import { MigrationError, displayName, parseLocation, partitionName } from '@hiveferry/core';
import type { Location, Partition, Table, TablePlan } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import { listFiles, listingDigest } from './list-files.ts';
import { placeOf } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

const SHOWN = 3;

/** The source's partitions as they are now, each with its own format and place. They must be those of the plan. Fault SOURCE_METADATA_CHANGED. */
export async function shadowPartitions({ source }: StepContext, plan: TablePlan): Promise<readonly Partition[]> {
  const planned = new Map(plan.partitions.map((partition) => [partition.name, partition.source]));
  const found = await partitionsOf(source.metastore, plan.source);
  const placed = found.map(({ values, storage }): { readonly name: string; readonly partition: Partition } => {
    const location = parseLocation(storage.location ?? '', source.facts.namespace) ?? storage.location ?? '';
    return { name: partitionName(keysOf(plan), values), partition: { values, storage: { ...storage, location }, parameters: {} } };
  });
  const changed = placed.filter(({ name, partition }) => planned.get(name) !== partition.storage.location).map(({ name }) => name);
  if (changed.length === 0 && placed.length === planned.size) return placed.map(({ partition }) => partition);
  throw metadataChanged(plan, changed.length === 0 ? ['some are gone'] : changed);
}

/** Names, sizes and times of all files of the source that are read. */
export async function stateOfSource(context: StepContext, plan: TablePlan): Promise<string> {
  const roots = keysOf(plan).length === 0 ? [directoryRead(context, plan)] : plan.partitions.map(({ source }) => source);
  const digests: string[] = [];
  for (const source of roots) {
    const root = { id: 'rows', source, target: source, excluded: [], registered: new Set<string>() };
    digests.push(listingDigest(await listFiles(context.source.files, root, { side: 'source', signal: context.signal })));
  }
  return digests.join(' ');
}

function directoryRead(context: StepContext, { rows }: TablePlan): Location {
  if (rows !== undefined && 'exports' in rows && rows.exports.files !== undefined) return rows.exports.files;
  return placeOf(context, rows !== undefined && 'shadow' in rows ? rows.shadow : undefined);
}

/** An INSERT or EXPORT that read while others wrote has read some of it: it is done again. Fault SOURCE_CHANGING. */
export async function ensureSourceIsUnchanged(context: StepContext, plan: TablePlan, before: string): Promise<void> {
  if ((await stateOfSource(context, plan)) === before) return;
  const subject = displayName(plan.source);
  const message = `${subject}: files of the source changed while its rows were read; they are read again. Stop its writers if that does not end.`;
  throw new MigrationError('SOURCE_CHANGING', message, { category: 'conflict', retry: 'later', subject });
}

/** Rows in partitions that nobody planned would be lost: the source has other values than its partitions say, or changed. Fault ROWS_ELSEWHERE. */
export async function ensureInsertedPartitions({ target }: StepContext, plan: TablePlan, working: Table): Promise<void> {
  const planned = new Set(plan.partitions.map(({ name }) => name));
  if (working.partitionKeys.length === 0) return;
  const found = await partitionsOf(target.metastore, { database: working.database, table: working.name });
  const others = found.map(({ values }) => partitionName(keysOf(plan), values)).filter((name) => !planned.has(name));
  if (others.length === 0) return;
  const subject = displayName(plan.source);
  const message =
    `${subject}: rows were inserted into ${String(others.length)} partitions that the plan does not have, first ${others.slice(0, SHOWN).join(', ')}. ` +
    'When partitions came since, plan again; when their values are written in another way than their type does (month=01 of an int), rename them at the source or use SCHEMA_ONLY.';
  throw new MigrationError('ROWS_ELSEWHERE', message, { category: 'conflict', retry: 'operator', subject });
}

/** What was exported must be what was planned. Fault SOURCE_METADATA_CHANGED. */
export async function ensureImportedPartitions({ target }: StepContext, plan: TablePlan, working: Table): Promise<void> {
  if (working.partitionKeys.length === 0) return;
  const planned = new Set(plan.partitions.map(({ name }) => name));
  const partitions = await partitionsOf(target.metastore, { database: working.database, table: working.name });
  const found = new Set(partitions.map(({ values }) => partitionName(keysOf(plan), values)));
  const others = [...[...found].filter((name) => !planned.has(name)), ...[...planned].filter((name) => !found.has(name))];
  if (others.length > 0) throw metadataChanged(plan, others);
}

async function partitionsOf(
  metastore: MetastoreReader,
  { database, table }: { readonly database: string; readonly table: string },
): Promise<readonly Partition[]> {
  const found: Partition[] = [];
  for await (const batch of metastore.partitions(database, table)) found.push(...batch);
  return found;
}

const keysOf = (plan: TablePlan): Table['partitionKeys'] => plan.expected?.partitionKeys ?? [];

function metadataChanged(plan: TablePlan, names: readonly string[]): MigrationError {
  const subject = displayName(plan.source);
  const message = `${subject}: its partitions are not those of the plan any more (${names.slice(0, SHOWN).join(', ')}): plan and execute again.`;
  return new MigrationError('SOURCE_METADATA_CHANGED', message, { category: 'conflict', retry: 'operator', subject });
}
