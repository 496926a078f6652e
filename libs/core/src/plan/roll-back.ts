import type { ScriptStatement } from '../model/script-plan.ts';

/** One step on the way back, for one side. */
export type BackStep =
  | { readonly kind: 'statement'; readonly sql: string }
  /** A statement that nothing takes back, and why. */
  | { readonly kind: 'no-way-back'; readonly of: string; readonly reason: string };

/**
 * What takes back the statements of one side, the last one first. Metadata are as they were before; files stay, but for those that a
 * managed table takes along when it is dropped. After the clean-up there is no way back.
 */
export function rollBackOf(statements: readonly ScriptStatement[], side: ScriptStatement['side']): readonly BackStep[] {
  const own = statements.filter((statement) => statement.side === side && statement.phase === 'execute');
  return own.reverse().flatMap(({ sql, undo }): readonly BackStep[] => {
    switch (undo.kind) {
      case 'statements':
        return undo.sql.map((text) => ({ kind: 'statement', sql: text }));
      case 'not-needed':
        return [];
      case 'none':
        return [{ kind: 'no-way-back', of: sql, reason: undo.reason }];
    }
  });
}
