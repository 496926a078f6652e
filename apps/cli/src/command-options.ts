import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { nearest } from '../../../libs/contracts/src/nearest.ts';
import { refused } from './snapshot/place.ts';

/**
 * What a command line says, by options of `parseArgs`.
 *
 * @throws MigrationError which names the option, and the nearest that there is
 */
export function parseCommand<T extends ParseArgsConfig>(command: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw refused(command, `${command}: ${problemOf(cause, config)}; ${command} --help says which options there are`);
  }
}

function problemOf(cause: unknown, { options = {} }: ParseArgsConfig): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, option = ''] = /'(?:-\w, )?(-[^' ]*)/.exec(message) ?? [];
  if (message.startsWith('Unknown option')) return `${option}: no option of that name${suggestionFor(option, Object.keys(options))}`;
  if (message.includes('does not take an argument')) return `${option}: it takes no value`;
  if (message.startsWith('Option')) return `${option}: expected a value`;
  const [, word] = /^Unexpected argument '([^']*)'/.exec(message) ?? [];
  return word === undefined ? message : `${word}: expected options only`;
}

function suggestionFor(option: string, names: readonly string[]): string {
  const near = nearest(option.replace(/^-+/, ''), names);
  return near === undefined ? '' : `; did you mean --${near}?`;
}
