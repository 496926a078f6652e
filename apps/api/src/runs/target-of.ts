import type { RunRecord } from '@hiveferry/ports';
import { refused } from '../http/refusals.ts';

/** The target that is meant: the one asked for, or the only one. */
export function targetOf(run: RunRecord, asked: string | undefined): string {
  const names = run.targets.map(({ target }) => target);
  const [only, ...others] = names;
  if (asked === undefined && only !== undefined && others.length === 0) return only;
  if (asked !== undefined && names.includes(asked)) return asked;
  throw refused(
    'TARGET_UNKNOWN',
    asked === undefined ? `Run ${run.id} has ${names.length} targets.` : `Run ${run.id} has no target ${asked}.`,
    {
      subject: '?target',
      advice: `Say target as one of ${names.join(', ')}.`,
    },
  );
}
