import { escapeGlob, isHdfs, isObjectStore } from '../distcp/arguments.ts';
import { filterLines } from '../distcp/filters.ts';
import { parseLocation } from '../model/location.ts';
import type { DatabaseScript, ScriptCopy } from '../model/script-plan.ts';
import type { Artefact } from './artefact.ts';
import { SCRIPT_HEAD } from './distcp-script.ts';
import { commentText, shellCommand } from './shell.ts';
import type { ShellWord } from './shell.ts';

/** The copies of a database and between which names they go. */
type Copies = Pick<DatabaseScript, 'source' | 'target' | 'copies'>;

const SIDES = { source: 'LEFT', target: 'RIGHT' } as const;

/** The four DistCp files of a database; with copies at both sides, four a side, which its name then says. */
export function copyArtefacts(name: string, script: Copies): readonly Artefact[] {
  const sides = (['source', 'target'] as const).filter((side) => script.copies.some((copy) => copy.side === side));
  return sides.flatMap((side) => {
    const copies = script.copies.filter((copy) => copy.side === side);
    const stem = sides.length === 1 ? name : `${name}_${SIDES[side]}`;
    return [
      { path: `${stem}_distcp_plans.yaml`, content: plans(script, copies) },
      { path: `${stem}_distcp_script.sh`, content: shellScript(script, copies) },
      { path: `${stem}_distcp_source.txt`, content: copies.map(({ source }) => `${escapeGlob(source)}\n`).join('') },
      { path: `${stem}_distcp_workbook.md`, content: workbook(script, copies) },
    ];
  });
}

/** `database: {target directory: [{source, target}]}`: the content of the source lands in the target. */
function plans({ source: database }: Copies, copies: readonly ScriptCopy[]): string {
  const byTarget = Map.groupBy(copies, ({ target }) => target);
  const items = [...byTarget].map(([target, pairs]) => {
    const lines = pairs.map(({ source }) => `    - source: ${JSON.stringify(source)}\n      target: ${JSON.stringify(target)}\n`);
    return `  ${JSON.stringify(target)}:\n${lines.join('')}`;
  });
  return `${JSON.stringify(database)}:\n${items.join('')}`;
}

function workbook(script: Copies, copies: readonly ScriptCopy[]): string {
  const rows = copies.map(({ source, target }) => `| ${code(source)} | ${code(target)} |`);
  return [
    `# DistCp workbook: ${code(script.source)} to ${code(script.target)}`,
    whereItRuns(copies),
    'The content of each source lands in its target.',
    ['| source | target |', '|---|---|', ...rows].join('\n'),
    '',
  ].join('\n\n');
}

function shellScript(script: Copies, copies: readonly ScriptCopy[]): string {
  const title = `# Copies the files of database ${commentText(script.source)} to ${commentText(script.target)}.\n# ${whereItRuns(copies)}`;
  const jobs = copies.map((copy, index) => jobText(copy, index + 1));
  return `#!/bin/sh\n${[title, SCRIPT_HEAD, ...jobs, "printf '%s\\n' 'done'"].join('\n\n')}\n`;
}

function jobText(copy: ScriptCopy, number: number): string {
  const filters: ShellWord = { variable: 'WORK', suffix: '/filters' };
  const hadoop: ShellWord = { variable: 'HADOOP', suffix: '' };
  return [
    `# copy ${number}`,
    `printf '%s\\n' ${shellCommand([`copy ${number}: ${copy.source}`])}`,
    `printf '%s\\n' ${shellCommand(hiddenFiles(copy))} > ${shellCommand([filters])}`,
    // DistCp makes no target for an empty source.
    `run ${shellCommand([hadoop, 'fs', '-mkdir', '-p', copy.target])}`,
    `run ${shellCommand([hadoop, 'distcp', ...optionsOf(copy), '-filters', filters, escapeGlob(copy.source), copy.target])}`,
  ].join('\n');
}

function optionsOf({ source, target }: ScriptCopy): readonly string[] {
  const betweenHdfs = isHdfs(source) && isHdfs(target);
  return [
    // Without it files of another block size fail with `Checksum mismatch`.
    ...(betweenHdfs ? ['-Ddfs.checksum.combine.mode=COMPOSITE_CRC'] : []),
    '-update',
    ...(betweenHdfs ? ['-pb'] : []),
    ...(isObjectStore(target) ? ['-direct'] : []),
  ];
}

/** Filters leave the namespace open, so that its letters do not matter here. */
function hiddenFiles({ source: sourceText, target: targetText }: ScriptCopy): readonly string[] {
  const source = parseLocation(sourceText);
  const target = parseLocation(targetText);
  return source === undefined || target === undefined ? [] : filterLines({ id: 'copy', kind: 'pair', source, target, excluded: [] });
}

function whereItRuns(copies: readonly ScriptCopy[]): string {
  return copies[0]?.side === 'source'
    ? 'To be run at LEFT, the source cluster, by a Hadoop that reaches the targets and may write there.'
    : 'To be run at RIGHT, the target cluster, by a Hadoop that reaches the sources and may read there.';
}

/** Inline code within a table cell; line feeds and backticks cannot stand there. */
function code(text: string): string {
  return `\`${text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', String.raw`\|`)}\``;
}
