import { isPartitioned, isTransactional } from '../inventory/table-kind.ts';
import { draft, leftAlone, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import { amendments } from '../plan/amend-partitions.ts';
import { copiesOf } from '../plan/script-copies.ts';
import { attaching, creating, dropping, placed } from '../plan/script-statements.ts';
import { onExisting } from '../plan/undo.ts';
import { strayPartitions, unreachablePartitions } from '../plan/stray-partitions.ts';
import { unattachedPartitions } from '../plan/unattached-partitions.ts';
import { rewriteTable } from '../translate/rewrite-table.ts';
import type { Rewrite } from '../translate/rewrite.ts';
import type { RewrittenTable } from '../translate/rewrite-table.ts';
import { readsPartitions, targetProfile } from '../translate/script-rules.ts';
import type { SchemaAction } from './schema-action.ts';

/** How a strategy brings a schema over. */
export interface SchemaScript {
  readonly rewrite: Rewrite;
  /** MSCK: at once, at once and again after the copy, or only after the copy. */
  readonly repairs: 'now' | 'now-and-after-copy' | 'after-copy';
}

/** Scripts that make the table of the target like the source's, by the action that was decided. */
export function schemaScript(input: ScriptInput, action: SchemaAction, script: SchemaScript): TableDraft {
  const made = scriptOf(input, action, script);
  const unattached = made.decision === 'REFUSED' ? [] : unattachedPartitions(input, script.rewrite);
  return unattached.length === 0 ? made : { ...made, unattached };
}

function scriptOf(input: ScriptInput, action: SchemaAction, script: SchemaScript): TableDraft {
  const { source, target } = input.pair;
  switch (action.kind) {
    case 'refuse':
      return refused(action.issues, [action]);
    case 'leave':
      return leftAlone(action.rule, action.reason, action.issues);
    case 'drop': {
      const statements = target === undefined ? [] : [dropping('target', target)];
      return draft({ decision: 'MIGRATE', statements, issues: action.issues, decisions: [said(action)] });
    }
    case 'create':
    case 'replace':
    case 'amend':
      return source === undefined ? leftAlone('source-absent', 'the source does not have it') : building(input, action, { script, source });
  }
}

interface Building {
  readonly script: SchemaScript;
  readonly source: RecordedTable;
}

function building(input: ScriptInput, action: SchemaAction, { script, source }: Building): TableDraft {
  const rewritten = rewriteTable(input, source, script.rewrite);
  if (rewritten.kind === 'refused') return refused([...action.issues, rewritten.issue], [said(action)]);
  const subject = `${input.database.name}.${input.pair.name}`;
  const unreachable = unreachablePartitions(subject, rewritten.partitions.map(placed), rewritten.place);
  if (unreachable.length > 0) return refused([...action.issues, ...unreachable], [said(action)]);
  const amended = action.kind === 'amend' ? amendments(input, rewritten) : undefined;
  return draft({
    decision: 'MIGRATE',
    statements: amended?.statements ?? [
      ...(action.kind === 'replace' && input.pair.target !== undefined ? [dropping('target', input.pair.target)] : []),
      ...leftThere(input, action, [
        ...creating(input, 'target', rewritten.table),
        ...partitionStatements(input, source, { rewritten, script }),
      ]),
    ],
    copies: copiesOf(input, { source, place: rewritten.place, partitions: rewritten.partitions }),
    issues: [...action.issues, ...rewritten.issues, ...(amended?.issues ?? []), ...uncopied(input, source), ...unfound(input, source)],
    decisions: [said(action), ...rewritten.decisions],
  });
}

/** CREATE IF NOT EXISTS over a table that is there changes nothing; what is attached to it afterwards stays. */
function leftThere({ pair }: ScriptInput, { kind }: SchemaAction, statements: readonly ScriptStatement[]): readonly ScriptStatement[] {
  return kind === 'create' && pair.target !== undefined ? statements.map(onExisting) : statements;
}

interface Attaching {
  readonly rewritten: RewrittenTable;
  readonly script: SchemaScript;
}

function partitionStatements(input: ScriptInput, source: RecordedTable, { rewritten, script }: Attaching): readonly ScriptStatement[] {
  if (!isPartitioned(source) || isTransactional(source.table)) return [];
  const repairs = !readsPartitions(input.settings) && targetProfile(input.settings).repairPartitions;
  const isCopied = input.settings.movement.by === 'DISTCP';
  const statements = attaching({ side: 'target', isCopied, repairs }, rewritten);
  if (!repairs || !isCopied || script.repairs === 'now') return statements;
  const afterCopy = statements.map((statement): ScriptStatement => ({ ...statement, phase: 'clean-up' }));
  return script.repairs === 'after-copy' ? afterCopy : [...statements, ...afterCopy];
}

/** DistCp brings no files of a transactional table: a new table would not see their write ids. */
function uncopied({ settings, database, pair }: ScriptInput, { table }: RecordedTable): readonly Issue[] {
  if (settings.movement.by !== 'DISTCP' || !isTransactional(table)) return [];
  return [issue('TRANSACTIONAL_NOT_COPIED', `${database.name}.${pair.name}`)];
}

/** MSCK is all that attaches partitions, and it looks only where Hive puts them. */
function unfound({ settings, database, pair }: ScriptInput, source: RecordedTable): readonly Issue[] {
  const strays = readsPartitions(settings) ? [] : strayPartitions(source);
  if (strays.length === 0) return [];
  const detail = { count: strays.length, examples: strays.slice(0, 5).map(({ name }) => name) };
  return [issue('PARTITIONS_NOT_FOUND', `${database.name}.${pair.name}`, detail)];
}

function said({ rule, reason }: SchemaAction): { readonly rule: string; readonly reason: string } {
  return { rule, reason };
}
