import type { ScriptStatement, TableScript } from '../model/script-plan.ts';
import { rollBackOf } from '../plan/roll-back.ts';
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

/** The files that take a run back. */
export const ROLL_BACK_FILES: readonly { readonly side: ScriptStatement['side']; readonly ending: string }[] = [
  { side: 'source', ending: 'LEFT_RollBack.sql' },
  { side: 'target', ending: 'RIGHT_RollBack.sql' },
];

export function rollBackTitle(side: ScriptStatement['side'], database: string): string {
  return [
    `-- HiveQL of the ${side} for database ${commentText(database)}: takes back what its execute file did, for as long as no clean-up was run`,
    '-- RIGHT first, then LEFT. Definitions are as they were before; files stay where they are.',
    '-- After a run that stopped half-way, go on over errors (beeline --force=true): what was not done needs no way back.',
    '',
  ].join('\n');
}

/** What takes back the statements of a table or a database on one side; undefined when nothing is to be said. */
export function rollBackHiveql(title: string, statements: readonly ScriptStatement[], side: ScriptStatement['side']): string | undefined {
  const steps = rollBackOf(statements, side);
  if (steps.length === 0) return undefined;
  const lines = steps.map((step) =>
    step.kind === 'statement' ? `${step.sql};` : `-- no way back of ${commentText(head(step.of))}: ${commentText(step.reason)}`,
  );
  return `\n${[`-- ${commentText(title)}`, ...lines].join('\n')}\n`;
}

/** The first line of a statement, shortened: enough to find it. */
function head(sql: string): string {
  const [line = ''] = sql.split('\n');
  return line.length > 100 ? `${line.slice(0, 100)}..` : line;
}

function block(title: string, statements: readonly ScriptStatement[], { side, phase }: ScriptPart): string | undefined {
  const own = statements.filter((statement) => statement.side === side && statement.phase === phase);
  return own.length === 0 ? undefined : `\n${[`-- ${commentText(title)}`, ...own.map(({ sql }) => `${sql};`)].join('\n')}\n`;
}
