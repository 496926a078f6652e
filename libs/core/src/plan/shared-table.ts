import type { TableInput } from '../inventory/table-input.ts';
import { isRefusal } from '../issues.ts';
import type { TablePlan } from '../model/plan.ts';
import { keepLocation } from '../translate/map-location.ts';
import { mapTable } from '../translate/map-table.ts';
import { translateTable } from '../translate/translate-table.ts';
import { sharedTableStatements } from './statements.ts';
import { synchronised } from './synchronise.ts';
import { targetState } from './target-state.ts';

/** A table of the target over the files of the source's: same locations, external, never purged. No copy, so nothing of it is refreshed. */
export function planSharedTable(plan: TablePlan, input: TableInput): TablePlan {
  const { move, partitions, mappings, issues } = mapTable(input, keepLocation);
  const mapped = { ...plan, mappings, issues: [...plan.issues, ...issues] };
  if (move === undefined || mapped.issues.some(isRefusal)) return mapped;
  const state = targetState({ ...input, settings: { ...input.settings, allowedHazards: [] } }, move.to, 'left');
  const checked = { ...mapped, issues: [...mapped.issues, ...state.issues] };
  if (checked.issues.some(isRefusal)) return checked;
  const { table, decisions } = translateTable(input, move);
  const stays = { rule: 'files-stay', reason: `both clusters read and write ${move.to}: what one changes, the other sees` };
  const planned: TablePlan = {
    ...checked,
    decision: 'MIGRATE',
    expected: table,
    ...(table.owner === undefined ? {} : { expectedOwner: table.owner }),
    partitions,
    statements: sharedTableStatements(table),
    decisions: [stays, ...decisions],
  };
  return synchronised(planned, input);
}
