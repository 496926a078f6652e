import { describe, expect, it } from 'vitest';
import { parseCommand } from './command-options.ts';

const options = { file: { type: 'string', short: 'f' }, json: { type: 'boolean' } } as const;

describe('options of a command', () => {
  it('are given as they are said', () => {
    expect(parseCommand('ferry x', { args: ['-f', 'a', '--json'], options }).values).toMatchObject({ file: 'a', json: true });
  });

  it.each([
    [['--fil', 'a'], 'ferry x: --fil: no option of that name; did you mean --file?'],
    [['--quite-another'], 'ferry x: --quite-another: no option of that name; ferry x --help'],
    [['-z'], 'ferry x: -z: no option of that name'],
    [['--file'], 'ferry x: --file: expected a value'],
    [['--file', '--json'], 'ferry x: --file: expected a value'],
    [['--json=1'], 'ferry x: --json: it takes no value'],
    [['more'], 'ferry x: more: expected options only'],
  ])('%j is refused in one line', (args, text) => {
    expect(() => parseCommand('ferry x', { args, options })).toThrow(text);
  });
});
