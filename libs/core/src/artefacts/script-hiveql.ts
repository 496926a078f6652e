import type { ScriptStatement, TableScript } from '../model/script-plan.ts';
import { commentText } from './shell.ts';

/** What a file of HiveQL holds: one side, one phase. */
export type ScriptPart = Pick<ScriptStatement, 'side' | 'phase'>;

/** The files of a database with their names' endings, as hms-mirror names them. */
export const HIVEQL_FILES: readonly (ScriptPart & { readonly ending: string })[] = [
  { side: 'source', phase: 'execute', ending: 'LEFT_execute.sql' },
  { side: 'source', phase: 'clean-up', ending: 'LEFT_CleanUp_execute.sql' },
  { side: 'target', phase: 'execute', ending: 'RIGHT_execute.sql' },
  { side: 'target', phase: 'clean-up', ending: 'RIGHT_CleanUp_execute.sql' },
];

const TITLES = {
  execute: 'moves what is asked for',
  'clean-up': 'removes working tables and archived ones; run it when the data was moved and checked',
} as const;

/** First line of a file for Beeline. */
export function hiveqlTitle({ side, phase }: ScriptPart, database: string): string {
  return `-- HiveQL of the ${side} for database ${commentText(database)}: ${TITLES[phase]}\n`;
}

/** The database's own statements of one file, undefined when there is none. */
export function databaseHiveql(name: string, statements: readonly ScriptStatement[], part: ScriptPart): string | undefined {
  return block(`database ${name}`, statements, part);
}

/** One table's statements of one file, undefined when there is none. */
export function tableHiveql({ name, strategy, statements }: TableScript, part: ScriptPart): string | undefined {
  return block(`table ${name} by ${strategy}`, statements, part);
}

function block(title: string, statements: readonly ScriptStatement[], { side, phase }: ScriptPart): string | undefined {
  const own = statements.filter((statement) => statement.side === side && statement.phase === phase);
  return own.length === 0 ? undefined : `\n${[`-- ${commentText(title)}`, ...own.map(({ sql }) => `${sql};`)].join('\n')}\n`;
}
