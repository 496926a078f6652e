import type { DatabaseScript, ScriptStatement, TableScript } from '../model/script-plan.ts';
import { commentText } from './shell.ts';

const TITLES = {
  execute: 'moves what is asked for',
  'clean-up': 'removes working tables and archived ones; run it when the data was moved and checked',
} as const;

/** What is printed of a script: one side, one phase. */
export type ScriptPart = Pick<ScriptStatement, 'side' | 'phase'>;

/** The statements of one side and phase as a file for Beeline, the database's first; undefined when there is none. */
export function scriptHiveql(script: DatabaseScript, part: ScriptPart): string | undefined {
  const isOfPart = ({ side, phase }: ScriptStatement) => side === part.side && phase === part.phase;
  const database = block(`database ${part.side === 'source' ? script.source : script.target}`, script.statements.filter(isOfPart));
  const tables = script.tables.flatMap((table) => block(titleOf(table), table.statements.filter(isOfPart)));
  if (database.length + tables.length === 0) return undefined;
  const title = `-- HiveQL of the ${part.side} for database ${commentText(script.source)}: ${TITLES[part.phase]}`;
  return `${[title, ...database, ...tables].join('\n\n')}\n`;
}

function titleOf({ name, strategy }: TableScript): string {
  return `table ${name} by ${strategy}`;
}

function block(title: string, statements: readonly ScriptStatement[]): readonly string[] {
  return statements.length === 0 ? [] : [[`-- ${commentText(title)}`, ...statements.map(({ sql }) => `${sql};`)].join('\n')];
}
