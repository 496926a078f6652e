import { differingPartitions } from '../compare/compare-partitions.ts';
import { compareTable, differingProperties } from '../compare/compare-table.ts';
import { dropView, setTableProperties, unsetTableProperty } from '../hiveql/script-statements.ts';
import { dropTable } from '../hiveql/statements.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { ownsItsFiles } from '../inventory/table-kind.ts';
import type { Finding } from '../model/evidence.ts';
import type { Hazard } from '../model/issue.ts';
import { namespaceOf, parseLocation } from '../model/location.ts';
import type { Decision, ExistingObject, PartitionChanges, PlannedStatement, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Table, TableType } from '../model/table.ts';
import { onTarget } from './statements.ts';

type Definition = ExistingObject['definition'];

/**
 * Makes the plan of an object that stands on the target the plan of what differs there, where the request asks for a sync. What stands
 * there is external, owns no files and lies where it should: anything else was refused before.
 */
export function synchronised(plan: TablePlan, input: TableInput): TablePlan {
  const { target, targetPartitions = [], settings } = input;
  if (settings.onExisting !== 'sync' || target === undefined || plan.decision === 'REFUSED') return plan;
  const compared: TablePlan = { ...plan, existing: { definition: 'kept' } };
  const differences = compareTable(compared, target);
  const definition = definitionOf(compared, target, differences);
  const partitions = plan.object === 'table' && definition !== 'replaced' ? partitionChanges(compared, targetPartitions) : undefined;
  return {
    ...plan,
    existing: { definition, ...(partitions === undefined ? {} : { partitions }) },
    statements: statementsFor(compared, target, definition),
    hazards: [...plan.hazards, ...hazardsOf(plan, { definition, differences, partitions })],
    decisions: [...plan.decisions, decisionOf(definition, differences), ...partitionDecisions(partitions)],
  };
}

/**
 * Why the object may not be dropped from the metastore of the target: its files would go, or it is not what was planned for. Looked at for the
 * plan, and again right before the DROP.
 *
 * @returns the reason in words, undefined when it may
 */
export function dropForbidden({ object, expected }: TablePlan, found: Table): string | undefined {
  const wanted: TableType = object === 'view' ? 'VIRTUAL_VIEW' : 'EXTERNAL_TABLE';
  if (found.tableType !== wanted) return `is a ${found.tableType}`;
  if (object === 'view') return undefined;
  if (ownsItsFiles(found)) return 'has external.table.purge';
  const planned = parseLocation(expected?.storage.location ?? '');
  const now = parseLocation(found.storage.location ?? '', planned === undefined ? undefined : namespaceOf(planned));
  return now === planned ? undefined : `lies at ${found.storage.location ?? 'no location'}`;
}

/** What can be set without a DROP: these findings, unless Hive reads the table by the property. */
export const AMENDABLE: readonly string[] = ['PROPERTY_DIFFERS', 'PROPERTY_UNEXPECTED', 'COMMENT_DIFFERS', 'OWNER_DIFFERS'];
export const READ_BY_HIVE = /^(?:storage_handler|table_type|transactional|avro\.)/i;

function definitionOf(plan: TablePlan, target: Table, differences: readonly Finding[]): Definition {
  if (differences.length === 0) return 'kept';
  if (plan.object === 'view' || plan.expected === undefined) return 'replaced';
  if (differences.some(({ code }) => !AMENDABLE.includes(code))) return 'replaced';
  const { wanted, surplus } = differingProperties(plan, plan.expected, target);
  return [...wanted, ...surplus].some(([key]) => READ_BY_HIVE.test(key)) ? 'replaced' : 'amended';
}

function statementsFor(plan: TablePlan, target: Table, definition: Definition): readonly PlannedStatement[] {
  switch (definition) {
    case 'kept':
      return [];
    case 'amended':
      return amending(plan, target);
    case 'replaced':
      return replacing(plan);
  }
}

/** The CREATE is tried first and the old object dropped right before the new one is made: what goes wrong goes wrong before the DROP. */
function replacing({ object, target, statements }: TablePlan): readonly PlannedStatement[] {
  const at = statements.findIndex(({ purpose }) => purpose === 'create-table' || purpose === 'create-view');
  const drop = onTarget('drop-existing', object === 'view' ? dropView(target) : dropTable(target));
  return [...statements.slice(0, at), drop, ...statements.slice(at)];
}

/** Sets properties, comment and owner that differ. */
export function amending(plan: TablePlan, target: Table): readonly PlannedStatement[] {
  const { expected, target: name } = plan;
  if (expected === undefined) return [];
  const { wanted, surplus } = differingProperties(plan, expected, target);
  const [comment, now] = [expected.parameters['comment'] ?? '', target.parameters['comment'] ?? ''];
  const set = Object.fromEntries([...wanted, ...(comment === '' || comment === now ? [] : [['comment', comment] as const])]);
  const unset = [...surplus.map(([key]) => key), ...(comment === '' && now !== '' ? ['comment'] : [])].sort();
  return [
    ...(Object.keys(set).length === 0 ? [] : [onTarget('alter-table', setTableProperties(name, set))]),
    ...unset.map((key) => onTarget('alter-table', unsetTableProperty(name, key))),
    ...plan.statements.filter(({ purpose }) => purpose === 'set-owner'),
  ];
}

function partitionChanges(plan: TablePlan, found: NonNullable<TableInput['targetPartitions']>): PartitionChanges | undefined {
  if ((plan.expected?.partitionKeys ?? []).length === 0) return undefined;
  const { missing, differing, unexpected } = differingPartitions(plan, found);
  return { added: missing, replaced: differing, dropped: unexpected };
}

interface Differences {
  readonly definition: Definition;
  readonly differences: readonly Finding[];
  readonly partitions: PartitionChanges | undefined;
}

/** A sync is asked for by name: it allows what it is made of. */
function hazardsOf(plan: TablePlan, { definition, differences, partitions }: Differences): readonly Hazard[] {
  const subject = displayName(plan.source);
  const target = displayName(plan.target);
  const { dropped = [], replaced = [] } = partitions ?? {};
  return [
    ...(definition === 'replaced'
      ? [{ code: 'TARGET_REPLACED', subject, allowed: true, detail: { target, differences: shown(differences) } }]
      : []),
    ...(dropped.length + replaced.length === 0
      ? []
      : [
          {
            code: 'TARGET_PARTITIONS_DROPPED',
            subject,
            allowed: true,
            detail: { target, dropped: dropped.length, replaced: replaced.length, examples: [...dropped, ...replaced].slice(0, 5) },
          },
        ]),
  ];
}

function decisionOf(definition: Definition, differences: readonly Finding[]): Decision {
  switch (definition) {
    case 'kept':
      return { rule: 'sync-keeps', reason: 'what stands on the target is defined as planned: it stays as it is' };
    case 'amended':
      return { rule: 'sync-amends', reason: `these are set on the target: ${shown(differences).join(', ')}` };
    case 'replaced':
      return { rule: 'sync-replaces', reason: `it is dropped and created again: ${shown(differences).join(', ')}` };
  }
}

function partitionDecisions(partitions: PartitionChanges | undefined): readonly Decision[] {
  if (partitions === undefined) return [];
  const { added, replaced, dropped } = partitions;
  const reason = `partitions: ${added.length} added, ${replaced.length} put right, ${dropped.length} dropped`;
  return [{ rule: 'sync-partitions', reason: added.length + replaced.length + dropped.length === 0 ? 'partitions are equal' : reason }];
}

/** The first ones, for people. */
export const shown = (differences: readonly Finding[]): readonly string[] =>
  differences.slice(0, 5).map(({ code, subject }) => `${code} ${subject}`);
