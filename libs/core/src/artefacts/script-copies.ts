import { escapeGlob, isHdfs, isObjectStore } from '../distcp/arguments.ts';
import { filterLines } from '../distcp/filters.ts';
import { parseLocation } from '../model/location.ts';
import type { DatabaseScript, ScriptCopy } from '../model/script-plan.ts';
import { SCRIPT_HEAD } from './distcp-script.ts';
import { commentText, shellCommand } from './shell.ts';
import type { ShellWord } from './shell.ts';

/** The copies of a database and between which names they go. */
type Copies = Pick<DatabaseScript, 'source' | 'target' | 'copies'>;

const SIDES = { source: 'LEFT', target: 'RIGHT' } as const;

/** A file of copies, in pieces: a large database has as many as it has tables. */
export interface CopyFile {
  readonly path: string;
  readonly pieces: Iterable<string>;
}

/** The four DistCp files of a database; with copies at both sides, four a side, which its name then says. */
export function copyFiles(name: string, script: Copies): readonly CopyFile[] {
  const sides = (['source', 'target'] as const).filter((side) => script.copies.some((copy) => copy.side === side));
  return sides.flatMap((side) => {
    const copies = script.copies.filter((copy) => copy.side === side);
    const stem = sides.length === 1 ? name : `${name}_${SIDES[side]}`;
    return [
      { path: `${stem}_distcp_plans.yaml`, pieces: plans(script, copies) },
      { path: `${stem}_distcp_script.sh`, pieces: shellScript(script, copies) },
      { path: `${stem}_distcp_source.txt`, pieces: sources(copies) },
      { path: `${stem}_distcp_workbook.md`, pieces: workbook(script, copies) },
    ];
  });
}

/** `database: {target directory: [{source, target}]}`: the content of the source lands in the target. */
function* plans({ source: database }: Copies, copies: readonly ScriptCopy[]): Generator<string> {
  yield `${JSON.stringify(database)}:\n`;
  for (const [target, pairs] of Map.groupBy(copies, (copy) => copy.target)) {
    yield `  ${JSON.stringify(target)}:\n`;
    for (const { source } of pairs) yield `    - source: ${JSON.stringify(source)}\n      target: ${JSON.stringify(target)}\n`;
  }
}

function* sources(copies: readonly ScriptCopy[]): Generator<string> {
  for (const { source } of copies) yield `${escapeGlob(source)}\n`;
}

function* workbook(script: Copies, copies: readonly ScriptCopy[]): Generator<string> {
  const title = `# DistCp workbook: ${code(script.source)} to ${code(script.target)}`;
  yield [title, whereItRuns(copies), 'The content of each source lands in its target.', '| source | target |\n|---|---|\n'].join('\n\n');
  for (const { source, target } of copies) yield `| ${code(source)} | ${code(target)} |\n`;
}

function* shellScript(script: Copies, copies: readonly ScriptCopy[]): Generator<string> {
  const title = `# Copies the files of database ${commentText(script.source)} to ${commentText(script.target)}.\n# ${whereItRuns(copies)}`;
  yield `#!/bin/sh\n${title}\n\n${SCRIPT_HEAD}\n\n`;
  for (const [index, copy] of copies.entries()) yield `${jobText(copy, index + 1)}\n\n`;
  yield "printf '%s\\n' 'done'\n";
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
