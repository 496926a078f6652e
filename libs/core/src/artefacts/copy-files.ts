import { escapeGlob } from '../distcp/arguments.ts';
import { copyScript } from './copy-script.ts';
import type { CopyScript } from './copy-script.ts';

/** A file of copies, in pieces: a large database has as many as it has tables. */
export interface CopyFile {
  readonly path: string;
  readonly pieces: Iterable<string>;
}

/** The content of `source` goes into `target`. */
interface Pair {
  readonly source: string;
  readonly target: string;
}

/** What the files of one side of a database tell. */
export interface CopyFacts {
  readonly script: CopyScript;
  /** Every directory once. */
  readonly pairs: readonly Pair[];
  readonly workbook: Iterable<string>;
}

/** The four DistCp files of a database, or of one side of it. */
export function filesOfCopies({ script, pairs, workbook }: CopyFacts): readonly CopyFile[] {
  return [
    { path: `${script.stem}_distcp_plans.yaml`, pieces: plans(script, pairs) },
    { path: `${script.stem}_distcp_script.sh`, pieces: copyScript(script) },
    { path: `${script.stem}_distcp_source.txt`, pieces: sources(pairs) },
    { path: `${script.stem}_distcp_workbook.md`, pieces: workbook },
  ];
}

/** `database: {target directory: [{source, target}]}`: the content of the source lands in the target. */
function* plans({ database }: CopyScript, pairs: readonly Pair[]): Generator<string> {
  yield `${JSON.stringify(database)}:${pairs.length === 0 ? ' {}' : ''}\n`;
  for (const [target, group] of Map.groupBy(pairs, (pair) => pair.target)) {
    yield `  ${JSON.stringify(target)}:\n`;
    for (const { source } of group) yield `    - source: ${JSON.stringify(source)}\n      target: ${JSON.stringify(target)}\n`;
  }
}

/** For reference, not for `-f` as it stands: DistCp would mix the contents of all of them into one target. */
function* sources(pairs: readonly Pair[]): Generator<string> {
  for (const { source } of pairs) yield `${escapeGlob(source)}\n`;
}
