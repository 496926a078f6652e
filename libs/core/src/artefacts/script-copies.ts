import type { DatabaseScript, ScriptCopy } from '../model/script-plan.ts';
import { filesOfCopies } from './copy-files.ts';
import type { CopyFile } from './copy-files.ts';
import { scriptWorkbook } from './script-workbook.ts';
import { jobsOfTransfer } from './transfer-jobs.ts';

const SIDES = { source: 'LEFT', target: 'RIGHT' } as const;

/** The four DistCp files of a database; with copies at both sides, four a side, which its name then says. */
export function copyFiles(
  name: string,
  { source, target, copies, transfer }: Pick<DatabaseScript, 'source' | 'target' | 'copies' | 'transfer'>,
): readonly CopyFile[] {
  const sides = (['source', 'target'] as const).filter((side) => copies.some((copy) => copy.side === side));
  if (transfer === undefined) return [];
  return sides.flatMap((side) => {
    const stem = sides.length === 1 ? name : `${name}_${SIDES[side]}`;
    const place = whereItRuns(side, sides.length);
    const pairs = copies.filter((copy) => copy.side === side);
    const script = { stem, database: source, target, place, ...jobsOfTransfer(transfer, { side, stem, copies }) };
    return filesOfCopies({ script, pairs, workbook: scriptWorkbook(script, { pairs, side, transfer }) });
  });
}

function whereItRuns(side: ScriptCopy['side'], sides: number): string {
  if (side === 'source') return 'To be run at LEFT, the source cluster, by a Hadoop that reaches the targets and may write there.';
  const first = sides === 1 ? '' : ' It begins when the script of LEFT has ended well: it fetches what that brings.';
  return `To be run at RIGHT, the target cluster, by a Hadoop that reaches the sources and may read there.${first}`;
}
