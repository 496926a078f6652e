import { code } from './markdown.ts';

/** What a run book is written from. */
export interface RunBookInput {
  /** Beginning of the names of the database's files. */
  readonly stem: string;
  readonly database: string;
  readonly target: string;
  /** Names of the files that were written. */
  readonly files: readonly string[];
  /** Statements of the target's file that make the database: they come before any data. */
  readonly databaseSql: readonly string[];
  /** Number of refused tables. */
  readonly refused: number;
  /** What else must be known before the first step. */
  readonly notes: readonly string[];
}

interface Step {
  readonly title: string;
  readonly text: readonly string[];
}

/** For the person at the keyboard: what is run, in which order, where, and how one knows that it went well. */
export function runBook(input: RunBookInput): string {
  const { database, target, refused, notes } = input;
  const counted = refused === 1 ? '1 table is refused' : `${refused} tables are refused`;
  const warning = refused === 0 ? [] : [`**${counted}** and not among these steps; the report says why.`];
  const steps = stepsOf(input).map(({ title, text }, index) => [`## ${index + 1}. ${title}`, ...text].join('\n\n'));
  const intro =
    'Go on to the next step only when one has ended with exit code 0. After a failure mend its cause and run the step again: a script of copies goes on where it stopped; of a file of HiveQL, leave out what was done when Hive says that it is there already.';
  return `${[`# Run book: ${code(database)} to ${code(target)}`, ...warning, ...notes, intro, ...steps].join('\n\n')}\n`;
}

function stepsOf(input: RunBookInput): readonly Step[] {
  return [
    review(input),
    ...makeDatabase(input),
    ...copies(input, 'LEFT'),
    ...copies(input, 'RIGHT'),
    ...hiveql(input, 'LEFT'),
    ...hiveql(input, 'RIGHT'),
    check(input),
    ...cleanUp(input),
    ...rollBack(input),
  ];
}

function review({ stem, files }: RunBookInput): Step {
  const readable = files.filter((name) => name.endsWith('.md') && name !== `${stem}_runbook.md`);
  return { title: 'Review', text: [`Read ${list(readable)} and the scripts. Nothing below asks before it acts.`] };
}

/** Hive 4 refuses a database whose managed directory is there. */
function makeDatabase({ files, databaseSql }: RunBookInput): readonly Step[] {
  if (databaseSql.length === 0 || !files.some((name) => name.endsWith('_distcp_script.sh'))) return [];
  const reason = 'Before any file is copied: Hive 4 refuses to make a database whose managed directory is there. On RIGHT:';
  return [
    {
      title: 'Make the database',
      text: [
        reason,
        fenced(
          'sql',
          databaseSql.map((sql) => `${sql};`),
        ),
      ],
    },
  ];
}

/** The script that belongs to a side: by its name, or the only one. */
function copies({ stem, files }: RunBookInput, side: 'LEFT' | 'RIGHT'): readonly Step[] {
  const both = files.includes(`${stem}_LEFT_distcp_script.sh`);
  const only = side === 'LEFT' && !both ? [`${stem}_distcp_script.sh`] : [];
  const scripts = [`${stem}_${side}_distcp_script.sh`, ...only].filter((name) => files.includes(name));
  return scripts.map((script) => ({
    title: both ? `Copy the files at ${side}` : 'Copy the files',
    text: [
      'Its first lines say on which cluster it is to be run. It copies, validates, and goes on where it stopped when it is run again:',
      fenced('sh', [`sh ${script} --dry-run`, `sh ${script}`]),
      'Where a side is an object store, sizes are compared; `--read-back` compares contents.',
    ],
  }));
}

function hiveql({ stem, files }: RunBookInput, side: 'LEFT' | 'RIGHT'): readonly Step[] {
  const file = `${stem}_${side}_execute.sql`;
  if (!files.includes(file)) return [];
  const text = [
    fenced('sh', [`beeline -u "$${side}_URL" -f ${file}`]),
    'Beeline stops at the first error; statements say IF NOT EXISTS where Hive has it.',
  ];
  return [{ title: `Run the HiveQL of ${side}`, text }];
}

function check({ target }: RunBookInput): Step {
  const text = [
    `Compare numbers of rows of each table with the source, with statistics left aside (${code('set hive.compute.query.using.stats=false')}), and look at ${code(`show tables in ${target}`)}.`,
  ];
  return { title: 'Check', text };
}

function cleanUp({ stem, files }: RunBookInput): readonly Step[] {
  const own = (['LEFT', 'RIGHT'] as const).filter((side) => files.includes(`${stem}_${side}_CleanUp_execute.sql`));
  if (own.length === 0) return [];
  const lines = own.map((side) => `beeline -u "$${side}_URL" -f ${stem}_${side}_CleanUp_execute.sql`);
  return [{ title: 'Clean up', text: ['Only when the check was good: afterwards there is no way back.', fenced('sh', lines)] }];
}

function rollBack({ stem, files }: RunBookInput): readonly Step[] {
  const own = (['RIGHT', 'LEFT'] as const).filter((side) => files.includes(`${stem}_${side}_RollBack.sql`));
  if (own.length === 0) return [];
  const lines = own.map((side) => `beeline -u "$${side}_URL" --force=true -f ${stem}_${side}_RollBack.sql`);
  return [{ title: 'If it must be taken back', text: ['Instead of cleaning up. Files stay where they are.', fenced('sh', lines)] }];
}

function fenced(language: string, lines: readonly string[]): string {
  return `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'the plan' : names.map(code).join(', ');
}
