import { issue } from '../issues.ts';
import type { TableConstraint } from '../model/constraint.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { Issue } from '../model/issue.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import type { Table } from '../model/table.ts';

/** Hive takes it for transactional tables only: DEFAULT and CHECK. */
export function isEnforcedOnly({ kind }: TableConstraint): boolean {
  return kind === 'DEFAULT' || kind === 'CHECK';
}

/** Constraints that the table loses with its transactions. */
export function constraintIssues(subject: string, { constraints = [] }: RecordedTable, becomes: Table): readonly Issue[] {
  const lost = isTransactional(becomes) ? [] : constraints.filter(isEnforcedOnly);
  if (lost.length === 0) return [];
  const texts = lost.map(({ kind, columns, expression }) => `${kind} ${expression ?? ''} ${columns.join(', ')}`.trim());
  return [issue('CONSTRAINTS_NOT_ENFORCED', subject, { constraints: texts })];
}
