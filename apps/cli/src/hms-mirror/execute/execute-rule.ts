import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { RunRule } from '../run-rules.ts';

const BY_HAND = 'or run the scripts of a dry run by hand (without -e)';

/** @param text begins with the key and its option, and says what works instead; `{strategy}` is that of the run */
export function executeRule(applies: (configuration: HmsMirrorConfiguration) => boolean, text: string): RunRule {
  return {
    code: 'EXECUTE_NOT_AVAILABLE',
    applies: ({ configuration }) => configuration.execute && applies(configuration),
    text: ({ configuration }) => `${text.replace('{strategy}', configuration.dataStrategy)}, ${BY_HAND}`,
  };
}

/** Strategies whose files are copied, by the service or by others. */
export const isCopied = (strategy: HmsMirrorConfiguration['dataStrategy']): boolean =>
  strategy === 'SCHEMA_ONLY' || strategy === 'CONVERT_LINKED' || strategy === 'STORAGE_MIGRATION';

export const isSet = (text: string | undefined): boolean => text !== undefined && text !== '';

/** Hive moves the rows: those of transactional tables too, and into no table that is there. */
export const isMovedByHive = (strategy: HmsMirrorConfiguration['dataStrategy']): boolean =>
  strategy === 'SQL' || strategy === 'EXPORT_IMPORT' || strategy === 'HYBRID';
