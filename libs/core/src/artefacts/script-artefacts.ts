import type { DatabaseScript } from '../model/script-plan.ts';
import type { Artefact } from './artefact.ts';
import { copyArtefacts } from './script-copies.ts';
import { scriptHiveql } from './script-hiveql.ts';
import type { ScriptPart } from './script-hiveql.ts';
import { scriptReport } from './script-report.ts';

const HIVEQL_FILES: readonly (ScriptPart & { readonly ending: string })[] = [
  { side: 'source', phase: 'execute', ending: 'LEFT_execute.sql' },
  { side: 'source', phase: 'clean-up', ending: 'LEFT_CleanUp_execute.sql' },
  { side: 'target', phase: 'execute', ending: 'RIGHT_execute.sql' },
  { side: 'target', phase: 'clean-up', ending: 'RIGHT_CleanUp_execute.sql' },
];

/** The files of one database, named as hms-mirror names them; a file that would be empty is left out. */
export function scriptArtefactsOf(script: DatabaseScript): readonly Artefact[] {
  const name = script.source.replaceAll(/[^\p{L}\p{N}_.-]/gu, '_');
  const hiveql = HIVEQL_FILES.flatMap(({ ending, ...part }) => {
    const content = scriptHiveql(script, part);
    return content === undefined ? [] : [{ path: `${name}_${ending}`, content }];
  });
  return [...hiveql, ...copyArtefacts(name, script), { path: `${name}_hms-mirror.md`, content: scriptReport(script) }];
}
