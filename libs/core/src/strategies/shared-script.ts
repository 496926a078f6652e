import { hasOwnFiles, isTransactional } from '../inventory/table-kind.ts';
import { leftAlone, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import { schemaAction } from './schema-action.ts';
import { schemaScript } from './schema-script.ts';
import type { SchemaScript } from './schema-script.ts';

/** Scripts of a table of the target over the files where they are. */
export function sharedScript(input: ScriptInput, script: SchemaScript): TableDraft {
  const { database, pair } = input;
  const subject = `${database.name}.${pair.name}`;
  if (pair.source === undefined) return leftAlone('only-on-target', 'the source does not have it', [issue('ONLY_ON_TARGET', subject)]);
  const { table } = pair.source;
  if (isTransactional(table)) {
    return refused([
      issue('TRANSACTIONAL_TABLE_SHARED', subject, { kind: 'transactional', strategies: ['SQL', 'EXPORT_IMPORT', 'HYBRID'] }),
    ]);
  }
  if (!hasOwnFiles(table)) return refused([issue('NO_FILES_OF_ITS_OWN', subject)]);
  return schemaScript(input, schemaAction(input), script);
}
