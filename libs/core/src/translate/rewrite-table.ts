import { hasOwnFiles, isManaged, isTransactional, isView } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { Decision } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { StorageDescriptor, Table } from '../model/table.ts';
import { constraintIssues } from './constraints.ts';
import { movedPartitions } from './move-partitions.ts';
import type { MovedPartition } from './move-partitions.ts';
import { lastNameIn, namespaceIn, place } from './place.ts';
import { renameSerde, repairStorage } from './repair-definition.ts';
import type { Rewrite } from './rewrite.ts';
import { rewriteProperties } from './rewrite-properties.ts';
import { renameDatabasesIn } from './rename-in-view.ts';
import { followSchemaUrl } from './schema-url.ts';
import { readsPartitions, scriptTargetDatabase } from './script-rules.ts';
import { translatePlace } from './translate-place.ts';
import { tablesOfView } from './view-tables.ts';

export interface RewrittenTable {
  readonly kind: 'rewritten';
  readonly table: Table;
  /** Where the table's files go, also when CREATE does not say it. */
  readonly place?: string;
  readonly partitions: readonly MovedPartition[];
  readonly issues: readonly Issue[];
  readonly decisions: readonly Decision[];
}

/** The table as scripts create it in one role, or why it cannot be. */
export function rewriteTable(
  input: ScriptInput,
  source: RecordedTable,
  rewrite: Rewrite,
): RewrittenTable | { readonly kind: 'refused'; readonly issue: Issue } {
  const { table } = source;
  if (!hasOwnFiles(table)) return asItIs(input, table);
  const mismatch = directoryMismatch(input, table);
  if (mismatch !== undefined && input.settings.movement.by === 'DISTCP') return { kind: 'refused', issue: mismatch };
  const tableType = becomesExternal(input, table, rewrite) ? 'EXTERNAL_TABLE' : table.tableType;
  const placed = placeTable(input, { ...table, tableType }, { rewrite, source: table });
  if (placed.kind === 'refused') return placed;
  const partitions = partitionsFor(input, source, tableType);
  if (partitions.kind === 'refused') return partitions;
  const properties = rewriteProperties({ source: table, tableType, rewrite, settings: input.settings });
  const storage = rewriteStorage(input, table, placed.location);
  const made = { ...named(input, table, rewrite), tableType, parameters: properties.parameters, storage: storage.storage };
  const subject = `${input.database.name}.${input.pair.name}`;
  const schema = followSchemaUrl(made, { subject, from: table.storage.location ?? '', to: placed.place });
  return {
    kind: 'rewritten',
    table: schema.table,
    ...(placed.place === undefined ? {} : { place: placed.place }),
    partitions: partitions.partitions,
    issues: [
      ...(mismatch === undefined ? [] : [{ ...mismatch, severity: 'warning' as const }]),
      ...constraintIssues(subject, source, made),
      ...schema.issues,
    ],
    decisions: [...placed.decisions, ...properties.decisions, ...storage.decisions, ...schema.decisions],
  };
}

function asItIs({ target, databases, settings }: ScriptInput, table: Table): RewrittenTable {
  const rename = (name: string): string => (databases.includes(name) ? scriptTargetDatabase(name, settings) : name);
  const renamed = (text: string | undefined): string | undefined => (text === undefined ? undefined : renameDatabasesIn(text, rename));
  const original = renamed(table.viewOriginalText);
  const expanded = renamed(table.viewExpandedText);
  const isRenamed = original !== table.viewOriginalText || expanded !== table.viewExpandedText;
  const read = isView(table) ? tablesOfView(expanded ?? original ?? '') : [];
  return {
    kind: 'rewritten',
    table: {
      ...table,
      database: target.name,
      ...(original === undefined ? {} : { viewOriginalText: original }),
      ...(expanded === undefined ? {} : { viewExpandedText: expanded }),
    },
    partitions: [],
    issues: [],
    decisions: [
      {
        rule: 'as-it-is',
        reason: isView(table) ? 'a view is created from its text' : 'its data is kept by another system: the table is created as it is',
      },
      ...(isRenamed ? [{ rule: 'renamed-in-view', reason: 'databases of the run have their new names in the text of the view' }] : []),
      ...(read.length === 0 ? [] : [{ rule: 'view-reads', reason: `it needs on the target: ${read.map(displayName).join(', ')}` }]),
    ],
  };
}

/** A directory under another name than the table's: aligned tables would be looked for elsewhere than their files are copied to. */
function directoryMismatch({ settings, database, pair }: ScriptInput, { storage }: Table): Issue | undefined {
  const directory = lastNameIn(storage.location ?? '');
  if (directory === pair.name || !readsPartitions(settings)) return undefined;
  const detail = { location: storage.location ?? '', directory, expected: pair.name };
  return issue('TABLE_DIRECTORY_NAME', `${database.name}.${pair.name}`, detail);
}

function becomesExternal({ settings }: ScriptInput, table: Table, { upgrade, makeExternal }: Rewrite): boolean {
  if (!isManaged(table)) return false;
  if (isTransactional(table)) return makeExternal === true || settings.iceberg.convert;
  return upgrade === true || makeExternal === true;
}

function named({ settings, database, pair, target }: ScriptInput, table: Table, { role }: Rewrite): Table {
  const { transferPrefix, shadowPrefix } = settings.working;
  switch (role) {
    case 'target':
      return { ...table, database: target.name };
    case 'transfer':
      return { ...table, database: database.name, name: `${transferPrefix}${pair.name}` };
    case 'shadow':
      return { ...table, database: target.name, name: `${shadowPrefix}${pair.name}` };
  }
}

type PlacedTable =
  | { readonly kind: 'placed'; readonly location?: string; readonly place?: string; readonly decisions: readonly Decision[] }
  | { readonly kind: 'refused'; readonly issue: Issue };

interface Placing {
  readonly rewrite: Rewrite;
  readonly source: Table;
}

function placeTable(input: ScriptInput, table: Table, { rewrite, source }: Placing): PlacedTable {
  const from = table.storage.location ?? '';
  if (rewrite.role !== 'target') {
    const at = rewrite.replaceLocation === true ? workingPlace(input, from) : from;
    return { kind: 'placed', location: at, place: at, decisions: [] };
  }
  const isReplaced = rewrite.replaceLocation === true && (!isTransactional(source) || input.settings.acid.downgrade);
  if (!isReplaced) return rewrite.stripLocation === true && isTransactional(source) ? leftToHive() : stays(from);
  const translated = translatePlace(input, { from, kind: table.tableType === 'EXTERNAL_TABLE' ? 'external' : 'managed' });
  if (translated.kind === 'refused') return translated;
  const { to, isMapped, rule, reason } = translated;
  const decision = { rule, reason: `${from} goes to ${to}: ${reason}` };
  const isSaid = isMapped || input.settings.locations.forceExternalLocation || !isAlignedWithDatabase(input);
  if (isSaid) return { kind: 'placed', location: to, place: to, decisions: [decision] };
  const implied = { rule: 'location-by-database', reason: `CREATE says no LOCATION: the database's directory gives ${to}` };
  return { kind: 'placed', place: to, decisions: [decision, implied] };
}

function isAlignedWithDatabase({ settings }: ScriptInput): boolean {
  return readsPartitions(settings) && settings.locations.translation === 'ALIGNED';
}

function leftToHive(): PlacedTable {
  return { kind: 'placed', decisions: [{ rule: 'location-by-hive', reason: 'CREATE of a transactional table takes no LOCATION' }] };
}

function stays(location: string): PlacedTable {
  return {
    kind: 'placed',
    location,
    place: location,
    decisions: [{ rule: 'location-kept', reason: `the files stay at ${location}` }],
  };
}

/** Where a working copy lies: on the intermediate storage, else beside the exports of the source. */
function workingPlace({ settings, database, pair }: ScriptInput, from: string): string {
  const { intermediateStorage } = settings.locations;
  const { workingDirectory, runMarker, exportDirectoryPrefix } = settings.working;
  if (intermediateStorage !== undefined) return place(intermediateStorage, workingDirectory, runMarker, database.name, pair.name);
  return place(namespaceIn(from), `${exportDirectoryPrefix}${database.name}`, pair.name);
}

type MovedOrRefused =
  { readonly kind: 'moved'; readonly partitions: readonly MovedPartition[] } | { readonly kind: 'refused'; readonly issue: Issue };

function partitionsFor(input: ScriptInput, source: RecordedTable, tableType: Table['tableType']): MovedOrRefused {
  if (!readsPartitions(input.settings) || isTransactional(source.table)) return { kind: 'moved', partitions: [] };
  return movedPartitions(input, source.partitions, tableType === 'EXTERNAL_TABLE' ? 'external' : 'managed');
}

interface RewrittenStorage {
  readonly storage: StorageDescriptor;
  readonly decisions: readonly Decision[];
}

function rewriteStorage({ settings }: ScriptInput, table: Table, location: string | undefined): RewrittenStorage {
  const { location: _from, ...rest } = table.storage;
  const placed = location === undefined ? rest : { ...rest, location };
  const bucketed = isTransactional(table) ? withoutFewBuckets(placed, settings.acid.bucketThreshold) : { storage: placed, decisions: [] };
  const repaired = settings.repairDefinitions ? repairStorage(bucketed.storage) : { storage: bucketed.storage, decisions: [] };
  const renamed = renameSerde(repaired.storage, settings.serdeRenames);
  return { storage: renamed.storage, decisions: [...bucketed.decisions, ...repaired.decisions, ...renamed.decisions] };
}

/** ACID v1 asked for buckets; a handful of them serves no purpose in ACID v2 or without transactions. */
function withoutFewBuckets(storage: StorageDescriptor, threshold: number): RewrittenStorage {
  if (storage.numBuckets <= 0 || threshold < 0 || storage.numBuckets > threshold) return { storage, decisions: [] };
  const reason = `${storage.numBuckets} buckets are not more than ${threshold}, the bound for buckets that only ACID asked for`;
  return { storage: { ...storage, numBuckets: 0, bucketColumns: [], sortColumns: [] }, decisions: [{ rule: 'few-buckets', reason }] };
}
