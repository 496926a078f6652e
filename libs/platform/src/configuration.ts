import { EXIT_CODES, parseConfiguration } from '@hiveferry/contracts';
import type { Configuration, NeededKey } from '@hiveferry/contracts';

/** The configuration of this process; when a key is wrong, one line a key on standard error and exit 2. */
export function configurationOrExit(needs: readonly NeededKey[] = []): Configuration {
  const result = parseConfiguration(process.env, needs);
  if (result.kind === 'valid') return result.configuration;
  process.stderr.write(`${result.problems.join('\n')}\n`);
  process.exit(EXIT_CODES.refused);
}
