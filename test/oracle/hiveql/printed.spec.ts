import { partitionName, unescapePathName } from '@hiveferry/core';
import { describe, expect, it } from 'vitest';
import { PARTITIONS, VERSIONS, digestOf, readAnswers, statementsFor } from './answers.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** Hive lets no column with a dot or a colon be created, in quotes or not: no table has one. */
const NO_SUCH_COLUMN = 'can not be used in column name in create table statement';

describe.each(VERSIONS)('as recorded, Hive %s', (version) => {
  const answers = readAnswers()[version];

  it('parses every statement that we print (changed on purpose? record again: record-answers.ts)', () => {
    const refused = statementsFor(version)
      .map((statement) => ({ ...statement, answer: answers.statements[digestOf(statement)] ?? 'not recorded' }))
      .filter(({ answer }) => answer !== 'ok' && !answer.includes(NO_SUCH_COLUMN));
    expect(refused).toEqual([]);
  });

  it('reads every literal as the text that was printed', () => {
    expect(answers.literals).toEqual(HOSTILE_TEXTS);
  });

  it('names partitions as we do', () => {
    const ours = PARTITIONS.map(({ keys, values }) =>
      partitionName(
        keys.map((name) => ({ name, type: 'string' })),
        values,
      ),
    );
    expect(ours).toEqual(answers.partitionNames);
  });
});

it('a partition value of any characters is got back from its name', () => {
  for (const text of HOSTILE_TEXTS) {
    const name = partitionName([{ name: 'p', type: 'string' }], [text]);
    expect(unescapePathName(name.slice('p='.length))).toBe(text);
  }
});
