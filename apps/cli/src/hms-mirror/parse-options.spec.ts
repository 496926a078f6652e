import { describe, expect, it } from 'vitest';
import { PEER_OPTIONS } from './option-table.ts';
import { parseOptions } from './parse-options.ts';

const pairs = (...argv: readonly string[]) => parseOptions(argv).options.map(({ name, value }) => [name, value]);

describe('options of hms-mirror', () => {
  it('are eighty, each with a short and a long name of its own', () => {
    const names = PEER_OPTIONS.flatMap(({ short, long }) => (short === (long as string) ? [short] : [short, long]));
    expect(PEER_OPTIONS).toHaveLength(80);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['short', ['-d', 'SQL']],
    ['long', ['--data-strategy', 'SQL']],
    ['long with one hyphen', ['-data-strategy', 'SQL']],
    ['long with its value behind =', ['--data-strategy=SQL']],
  ])('are read in the %s form', (_form, argv) => {
    expect(pairs(...argv)).toEqual([['data-strategy', 'SQL']]);
  });

  it('are read as the second seed document writes them', () => {
    const { options, problems } = parseOptions(['--hadoop-classpath', '-d', 'SCHEMA_ONLY', '-db', 'a,b', '-ro', '-sync']);
    expect(problems).toEqual([]);
    expect(options.map(({ name }) => name)).toEqual(['data-strategy', 'database', 'read-only', 'sync']);
  });

  it('leave out an argument that may be left out', () => {
    expect(pairs('-ma', '-dc', '-mao', '4')).toEqual([
      ['migrate-acid', 'true'],
      ['distcp', 'true'],
      ['migrate-acid-only', '4'],
    ]);
  });

  it('take values that begin with a hyphen', () => {
    expect(pairs('-ap', '-1')).toEqual([['acid-partition-count', '-1']]);
  });

  it('are reached by their property names too', () => {
    expect(pairs('-pt', 'hms-mirror.config.align-locations=true', '-pt', 'hms-mirror.config.filename=a=b')).toEqual([
      ['align-locations', 'true'],
      ['config', 'a=b'],
    ]);
  });

  it("leave properties of hms-mirror's server alone", () => {
    expect(parseOptions(['-pt', 'server.port=1'])).toEqual({ options: [], problems: [] });
  });

  it.each([
    [['--data-stratgy', 'SQL'], '--data-stratgy: no option of that name; did you mean --data-strategy?'],
    [['-ltdd', 'x.yaml'], '-ltdd: no option of that name; did you mean -ltd?'],
    [['--nothing-of-the-kind'], '--nothing-of-the-kind: no option of that name; see ferry hms-mirror --help'],
    [['x.yaml'], 'x.yaml: not an option; options start with - or --, see ferry hms-mirror --help'],
    [['-o', '-ro'], '-o: expected a value, directory'],
    [['-ro=yes'], '-ro=yes: -ro (--read-only) takes no value'],
    [['-pt', 'novalue'], '-pt novalue: expected key=value'],
    [
      ['-pt', 'hms-mirror.config.alignlocations=true'],
      '-pt hms-mirror.config.alignlocations=true: no property of that name; did you mean hms-mirror.config.align-locations?',
    ],
  ])('%j is refused by name, with what was expected', (argv, problem) => {
    expect(parseOptions(argv).problems).toEqual([problem]);
  });
});
