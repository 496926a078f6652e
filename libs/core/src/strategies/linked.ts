import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { movesToNewHive } from '../translate/script-rules.ts';
import { acceptsSharedFiles } from './shared-files.ts';
import { sharedScript } from './shared-script.ts';
import type { DataStrategy } from './strategy.ts';

/** The target's table is external and points at the files of the source, wherever they are. Nothing is copied; the target never owns them. */
export const linked: DataStrategy = {
  name: 'LINKED',
  distcp: { role: 'NONE', used: 'Never', artefacts: 'None' },
  service: {
    files: 'shared',
    needs: ['source.metastore', 'source.hive', 'target.metastore', 'target.hive'],
    accepts: acceptsSharedFiles,
  },
  script: linkedScript,
};

function linkedScript(input: ScriptInput): TableDraft {
  const rewrite = { role: 'target' as const, upgrade: movesToNewHive(input.settings), takeOwnership: false };
  return sharedScript(input, { rewrite, repairs: 'now-and-after-copy' });
}
