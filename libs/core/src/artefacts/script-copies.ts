import { parseLocation } from '../model/location.ts';
import type { DatabaseScript, ScriptCopy } from '../model/script-plan.ts';
import { filesOfCopies } from './copy-files.ts';
import type { CopyFile } from './copy-files.ts';
import { code } from './markdown.ts';
import type { ScriptedJob } from './scripted-job.ts';
import { stepName } from './scripted-job.ts';

/** The copies of a database and between which names they go. */
type Copies = Pick<DatabaseScript, 'source' | 'target' | 'copies'>;

const SIDES = { source: 'LEFT', target: 'RIGHT' } as const;

/** The four DistCp files of a database; with copies at both sides, four a side, which its name then says. */
export function copyFiles(name: string, script: Copies): readonly CopyFile[] {
  const sides = (['source', 'target'] as const).filter((side) => script.copies.some((copy) => copy.side === side));
  return sides.flatMap((side) => {
    const pairs = script.copies.filter((copy) => copy.side === side);
    const stem = sides.length === 1 ? name : `${name}_${SIDES[side]}`;
    const place = whereItRuns(side);
    const jobs = pairs.map((copy, index) => scriptedJob(copy, `${stem}-${index + 1}`));
    return filesOfCopies({
      script: { stem, database: script.source, target: script.target, place, jobs },
      pairs,
      workbook: workbook(script, { place, pairs, stem }),
    });
  });
}

function scriptedJob({ source: sourceText, target: targetText }: ScriptCopy, id: string): ScriptedJob {
  const source = parseLocation(sourceText);
  const target = parseLocation(targetText);
  const title = sourceText;
  if (source === undefined || target === undefined) {
    const reason = `${source === undefined ? sourceText : targetText} names no file system: say hcfsNamespace of its cluster, or a target namespace, and plan again.`;
    return { kind: 'impossible', title, reason };
  }
  return { kind: 'distcp', title, job: { id, kind: 'pair', source, target, excluded: [] }, options: { stepId: stepName(id) } };
}

interface Side {
  readonly stem: string;
  readonly place: string;
  readonly pairs: readonly ScriptCopy[];
}

function* workbook(script: Copies, { stem, place, pairs }: Side): Generator<string> {
  const title = `# DistCp workbook: ${code(script.source)} to ${code(script.target)}`;
  const run = `\`sh ${stem}_distcp_script.sh\` copies and validates them; \`--help\` says more.`;
  yield [title, place, `The content of each source lands in its target. ${run}`, '| source | target |\n|---|---|\n'].join('\n\n');
  for (const { source, target } of pairs) yield `| ${code(source)} | ${code(target)} |\n`;
}

function whereItRuns(side: ScriptCopy['side']): string {
  return side === 'source'
    ? 'To be run at LEFT, the source cluster, by a Hadoop that reaches the targets and may write there.'
    : 'To be run at RIGHT, the target cluster, by a Hadoop that reaches the sources and may read there.';
}
