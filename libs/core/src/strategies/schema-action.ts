import { haveEqualSchemas, isPartitioned, isView, ownsItsFiles } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { readsPartitions, targetProfile } from '../translate/script-rules.ts';

/** What becomes of the table of the target: decided by what stands on both sides. */
export interface SchemaAction {
  readonly kind: 'create' | 'replace' | 'drop' | 'amend' | 'leave' | 'refuse';
  readonly rule: string;
  readonly reason: string;
  readonly issues: readonly Issue[];
}

export function schemaAction(input: ScriptInput): SchemaAction {
  const { source, target } = input.pair;
  if (target === undefined) return action('create', 'target-absent', 'the table is not on the target: it is to be created');
  if (source === undefined) return onTargetOnly(input);
  return input.settings.sync ? synchronised(input) : existing(input);
}

/** Sync makes the target like the source: what the source no longer has is dropped. */
function onTargetOnly(input: ScriptInput): SchemaAction {
  const found = [issue('ONLY_ON_TARGET', subjectOf(input))];
  if (!input.settings.sync) return { ...action('leave', 'only-on-target', 'the source does not have it: it is left alone'), issues: found };
  return { ...action('drop', 'sync-drops', 'the source no longer has it, and sync makes both alike'), issues: found };
}

function synchronised(input: ScriptInput): SchemaAction {
  const { source, target } = input.pair;
  if (source === undefined || target === undefined) return action('leave', 'nothing-there', 'one side is missing');
  if (!haveEqualSchemas(source.table, target.table)) {
    if (ownsItsFiles(target.table)) {
      return { ...action('refuse', 'sync-replaces', 'the schemas differ'), issues: [issue('TARGET_OWNS_FILES', subjectOf(input))] };
    }
    return action('replace', 'sync-replaces', 'the schemas differ, and dropping the table of the target removes no files');
  }
  if (isPartitioned(source) && readsPartitions(input.settings)) {
    return action('amend', 'sync-amends', 'the schemas are equal: partitions are compared');
  }
  return action('leave', 'equal', 'the schemas are equal: nothing is to be done');
}

function existing(input: ScriptInput): SchemaAction {
  const { target } = input.pair;
  if (target !== undefined && isView(target.table)) return action('replace', 'view-replaced', 'a view holds no data: it is replaced');
  if (targetProfile(input.settings).createIfNotExists) {
    return action('create', 'create-if-not-exists', 'the table is on the target: CREATE .. IF NOT EXISTS leaves it, partitions follow');
  }
  return { ...action('refuse', 'target-exists', 'the table is on the target'), issues: [issue('ON_TARGET_ALREADY', subjectOf(input))] };
}

function action(kind: SchemaAction['kind'], rule: string, reason: string): SchemaAction {
  return { kind, rule, reason, issues: [] };
}

function subjectOf({ database, pair }: ScriptInput): string {
  return `${database.name}.${pair.name}`;
}
