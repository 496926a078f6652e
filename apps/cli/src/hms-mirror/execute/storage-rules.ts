import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { RunRule } from '../run-rules.ts';
import { executeRule } from './execute-rule.ts';

function rule(applies: (configuration: HmsMirrorConfiguration) => boolean, text: string): RunRule {
  return executeRule((configuration) => configuration.dataStrategy === 'STORAGE_MIGRATION' && applies(configuration), text);
}

/** Of tables that move within LEFT: they stay the same tables. */
export const STORAGE_RULES: readonly RunRule[] = [
  rule(
    ({ transfer }) => transfer.storageMigration.dataMovementStrategy !== 'DISTCP',
    'dataMovementStrategy SQL (-dms) with {strategy}: -e copies files and points the tables at them; use -dc',
  ),
  rule(
    ({ transfer }) => transfer.storageMigration.createArchive,
    'createArchive with {strategy}: -e makes no second table, and leaves the old files where they are; leave it out',
  ),
  rule(({ dbPrefix = '' }) => dbPrefix !== '', 'dbPrefix (-dbp) with {strategy}: tables keep their names; leave it out'),
];
